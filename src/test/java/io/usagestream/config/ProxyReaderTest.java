package io.usagestream.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.source.Proxy;
import io.usagestream.source.Secret;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyReaderTest {
    private static final URI URL = URI.create("https://api.openai.example/v1");

    private final Problems problems = new Problems();

    @Test
    void the_scheme_of_the_base_url_says_which_variable_counts() {
        Map<String, String> both = Map.of("HTTPS_PROXY", "http://secure:1", "HTTP_PROXY", "http://plain:2");

        assertThat(to(both, URL)).hasToString("Optional[secure:1 (HTTPS_PROXY)]");
        assertThat(to(both, URI.create("http://a.example"))).hasToString("Optional[plain:2 (HTTP_PROXY)]");
        assertThat(to(Map.of("HTTP_PROXY", "http://plain:2"), URL)).isEmpty();
    }

    @Test
    void lower_case_counts_where_upper_case_says_nothing() {
        assertThat(to(Map.of("HTTPS_PROXY", " ", "https_proxy", "http://lower:1"), URL))
                .hasToString("Optional[lower:1 (https_proxy)]");
        assertThat(to(Map.of("http_proxy", "http://lower:1"), URI.create("http://a.example")))
                .hasToString("Optional[lower:1 (http_proxy)]");
        assertThat(to(Map.of("HTTPS_PROXY", "http://p:1", "no_proxy", "openai.example"), URL))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://proxy.example:3128, proxy.example, 3128",
        "HTTP://Proxy.example:3128/, proxy.example, 3128",
        "proxy.example:3128, proxy.example, 3128",
        "http://proxy_of_compose, proxy_of_compose, 80",
        "http://[fd00::1]:8080, fd00::1, 8080"
    })
    void where_it_is(String value, String host, int port) {
        assertThat(to(Map.of("HTTPS_PROXY", value), URL))
                .contains(new Proxy("HTTPS_PROXY", host, port, Optional.empty()));
    }

    @Test
    void a_login_is_decoded_and_never_shown() {
        Proxy proxy = to(Map.of("HTTPS_PROXY", "http://me%40corp:p+%3A%2F%C3%A9@proxy:3128"), URL)
                .orElseThrow();

        assertThat(proxy.login().map(Proxy.Login::user)).contains("me@corp");
        assertThat(proxy.login().map(Proxy.Login::password).map(Secret::reveal)).contains("p+:/é");
        assertThat(proxy).hasToString("proxy:3128 (HTTPS_PROXY)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socks5://hunter2:1080",
                "https://u:hunter2@proxy:3128",
                "http://u:hunter2@home@proxy:3128",
                "http://u:hunter2%zz@proxy:3128",
                "http://u:hunter2@proxy:0",
                "http://u:hunter2@proxy:65536",
                "http://u:hunter2@proxy:3128/path",
                "http://",
                "the proxy"
            })
    void a_wrong_value_is_refused_once_by_the_name_of_its_variable(String value) {
        ProxyReader reader = new ProxyReader(Map.of("https_proxy", value), problems);

        assertThat(reader.to(URL)).isEmpty();
        assertThat(reader.to(URI.create("https://b.example"))).isEmpty();
        assertThat(problems.inOrder())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .startsWith("the environment variable https_proxy is not the URL of an HTTP proxy: write it as"
                                + " http://proxy.example.com:3128 or ")
                        .doesNotContain("hunter2"));
    }

    @Test
    void a_wrong_value_that_nobody_needs_is_no_mistake() {
        to(Map.of("HTTPS_PROXY", "socks5://p:1", "NO_PROXY", "*"), URL);
        to(Map.of("HTTP_PROXY", "socks5://p:1"), URL);

        assertThat(problems.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "api.openai.example",
                "API.OpenAI.example.",
                "openai.example",
                ".openai.example",
                "*.openai.example",
                "a.example, .example",
                "a.example .example",
                "openai.example:443"
            })
    void hosts_domains_and_a_star_are_excepted(String value) {
        assertThat(to(Map.of("HTTPS_PROXY", "http://p:1", "NO_PROXY", value), URL))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", ".", "penai.example", "api", "openai.example:8443", "v.api.openai.example", "::1"})
    void nothing_else_is(String value) {
        assertThat(to(Map.of("HTTPS_PROXY", "http://p:1", "NO_PROXY", value), URL))
                .isPresent();
    }

    @Test
    void an_address_is_excepted_with_and_without_brackets() {
        URI address = URI.create("https://[fd00::1]:8443");

        assertThat(to(Map.of("HTTPS_PROXY", "http://p:1", "NO_PROXY", "fd00::1"), address))
                .isEmpty();
        assertThat(to(Map.of("HTTPS_PROXY", "http://p:1", "NO_PROXY", "[fd00::1]:8443"), address))
                .isEmpty();
    }

    private Optional<Proxy> to(Map<String, String> environment, URI url) {
        return new ProxyReader(environment, problems).to(url);
    }
}
