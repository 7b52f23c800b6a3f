package io.usagestream.config;

import io.usagestream.source.Proxy;
import io.usagestream.source.Secret;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the proxy to a base URL in the variables that other programs heed too: {@code HTTPS_PROXY} and {@code HTTP_PROXY}, by the
 * scheme of the base URL, and {@code NO_PROXY}; the same in lower case. A variable that no base URL needs is not looked at.
 */
final class ProxyReader {
    private static final Pattern PROXY = Pattern.compile("(?i:http://)?(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?"
            + "(?<host>\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(?::(?<port>\\d{1,5}))?/?");
    private static final Pattern HOST_AND_PORT = Pattern.compile("(?<host>\\[[^]]*]|[^:]*):(?<port>\\d{1,5})");

    private final Map<String, String> environment;
    private final Problems problems;
    private final Map<String, Optional<Proxy>> byScheme = new HashMap<>();

    ProxyReader(Map<String, String> environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /** The proxy to that URL, which is http or https and not of this machine; empty: it is reached directly. */
    Optional<Proxy> to(URI url) {
        return excepted(url) ? Optional.empty() : byScheme.computeIfAbsent(url.getScheme(), this::ofScheme);
    }

    private Optional<Proxy> ofScheme(String scheme) {
        String upper = scheme.toUpperCase(Locale.ROOT) + "_PROXY";
        return Stream.of(upper, upper.toLowerCase(Locale.ROOT))
                .filter(variable -> !value(variable).isEmpty())
                .findFirst()
                .flatMap(this::read);
    }

    private Optional<Proxy> read(String variable) {
        Optional<Proxy> proxy = proxy(variable, value(variable));
        if (proxy.isEmpty()) { // the value may hold a password
            problems.add(
                    0,
                    "",
                    "the environment variable " + variable
                            + " is not the URL of an HTTP proxy: write it as http://proxy.example.com:3128 or"
                            + " http://user:password@proxy.example.com:3128, with %40 for @, %3A for : and %2F for /"
                            + " within user and password");
        }
        return proxy;
    }

    private static Optional<Proxy> proxy(String variable, String text) {
        Matcher parts = PROXY.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int port = parts.group("port") == null ? 80 : Integer.parseInt(parts.group("port"));
        if (port < 1 || port > 65_535) {
            return Optional.empty();
        }
        try {
            Optional<Proxy.Login> login = Optional.ofNullable(parts.group("user"))
                    .map(user -> new Proxy.Login(
                            decoded(user),
                            Secret.of(decoded(
                                    Optional.ofNullable(parts.group("password")).orElse("")))));
            return Optional.of(new Proxy(variable, plain(parts.group("host")), port, login));
        } catch (IllegalArgumentException e) { // a percent sign that stands for nothing
            return Optional.empty();
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Whether {@code NO_PROXY} names the host, a domain that it is in, or all. */
    private boolean excepted(URI url) {
        String listed = value("NO_PROXY").isEmpty() ? value("no_proxy") : value("NO_PROXY");
        String host = plain(url.getHost());
        int port = url.getPort() >= 0 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80;
        return List.of(listed.split("[,\\s]+")).stream().anyMatch(entry -> names(entry, host, port));
    }

    private static boolean names(String entry, String host, int port) {
        Matcher parts = HOST_AND_PORT.matcher(entry);
        if (parts.matches()) {
            return Integer.parseInt(parts.group("port")) == port && names(parts.group("host"), host);
        }
        return names(entry, host);
    }

    private static boolean names(String entry, String host) {
        String name = plain(entry.replaceFirst("^\\*?\\.", ""));
        return entry.equals("*") || !name.isEmpty() && (host.equals(name) || host.endsWith("." + name));
    }

    /** Lower case, without the brackets of an address, without the dot at the end of a whole name. */
    private static String plain(String host) {
        return host.toLowerCase(Locale.ROOT).replaceAll("^\\[|]$|\\.$", "");
    }

    private String value(String variable) {
        return environment.getOrDefault(variable, "").strip();
    }
}
