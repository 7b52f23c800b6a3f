package io.usagestream.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Alert rules and the dashboard say what Prometheus can evaluate, over names that a running service has. */
final class ObservabilityFilesTest {
    private static final Path PROMETHEUS = Path.of("observability", "prometheus");
    private static final Path RULES = PROMETHEUS.resolve("rules.yaml");
    private static final Path DASHBOARD = Path.of("observability", "grafana", "usagestream.json");
    private static final Pattern METRIC = Pattern.compile("usagestream_[a-z0-9_]+");

    @Test
    void everyNameInTheRulesIsInALiveScrape() throws IOException {
        assertThat(names(Files.readString(RULES))).hasSizeGreaterThan(10).isSubsetOf(scraped());
    }

    @Test
    void everyExpressionOfTheDashboardIsOverNamesOfALiveScrape() throws IOException {
        List<String> expressions = expressions();
        assertThat(expressions).hasSizeGreaterThan(20);
        for (String expression : expressions) {
            assertThat(names(expression)).as(expression).isNotEmpty().isSubsetOf(scraped());
        }
    }

    @Test
    void aNameThatIsNotScrapedWouldBeSeen() {
        assertThat(scraped()).doesNotContainAnyElementsOf(names("rate(usagestream_requets_total[5m])"));
    }

    @Test
    void everyAlertSaysWhatItMeansAndWhatToDo() throws IOException {
        String rules = Files.readString(RULES);
        int alerts = count(rules, "- alert:");
        assertThat(alerts).isGreaterThan(10);
        for (String part : List.of("severity:", "summary:", "description:", "runbook:")) {
            assertThat(count(rules, part)).as(part).isGreaterThanOrEqualTo(alerts);
        }
    }

    @Test
    void promtoolAcceptsTheRulesAndTheirTests() throws Exception {
        assertThat(promtool("", "check", "rules", "rules.yaml")).contains("SUCCESS");
        assertThat(promtool("", "test", "rules", "rules.test.yaml")).contains("SUCCESS");
    }

    @Test
    void promtoolFindsNothingWrongWithALiveScrape() throws Exception {
        assertThat(promtool(scrape(), "check", "metrics")).isBlank();
    }

    private static String promtool(String input, String... arguments) throws Exception {
        Optional<Path> tool = Optional.of(Path.of("/usr/bin/promtool")).filter(Files::isExecutable);
        if (tool.isEmpty()) {
            String message =
                    "THE ALERT RULES ARE NOT CHECKED: there is no promtool (Debian: apt-get install prometheus)";
            System.err.println(message);
            if ("true".equals(System.getenv("CI"))) {
                fail(message);
            }
            abort(message);
        }
        List<String> command = new ArrayList<>(List.of(tool.orElseThrow().toString()));
        command.addAll(List.of(arguments));
        Path given = Files.createTempFile("scrape", ".txt");
        Files.writeString(given, input);
        Process process = new ProcessBuilder(command)
                .directory(PROMETHEUS.toFile())
                .redirectInput(given.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        Files.delete(given);
        return output;
    }

    private static List<String> expressions() throws IOException {
        List<String> expressions = new ArrayList<>();
        try (JsonParser json = new JsonFactory().createParser(DASHBOARD.toFile())) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.FIELD_NAME && json.currentName().equals("expr")) {
                    expressions.add(json.nextTextValue());
                }
            }
        }
        return expressions;
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = METRIC.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }

    private static Set<String> scraped() {
        return names(scrape().lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .reduce("", (a, b) -> a + "\n" + b));
    }

    private static String scrape() {
        LivelyService service = new LivelyService(InstantSource.system());
        service.begin();
        service.goOn();
        service.operations().observer().gaps(LivelyService.split("openai", "acme", "costs"), 2);
        return service.operations().metrics().scrape();
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}
