package io.usagestream.config;

import io.usagestream.config.Settings.Http;
import io.usagestream.config.Settings.OldTransactions;
import io.usagestream.config.Settings.Registry;
import io.usagestream.config.Settings.Rescan;
import io.usagestream.config.Settings.Topics;
import io.usagestream.source.SourceSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the file's top level. */
record SettingsReader(SourceReader sources, SecretReader secrets, Map<String, String> environment) {
    private static final Pattern PREFIX = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,99}(\\.[a-zA-Z0-9_-]+)*");
    private static final Pattern INSTANCE = Pattern.compile("[a-zA-Z0-9._-]{0,200}");
    private static final int MOST_PARTITIONS = 10_000;

    /** The image listens beyond loopback without a file that says so. */
    private static final String HOST = "USAGESTREAM_HTTP_HOST";

    Settings read(Section root) {
        KafkaProperties kafka = new KafkaReader(environment).read(root);
        Topics topics = topics(root.section("topics"));
        OldTransactions old = root.choice(
                "kafka-transaction-version",
                Map.of("warn", OldTransactions.WARN, "refuse", OldTransactions.REFUSE),
                OldTransactions.WARN);
        String instance = root.parsed(
                        "instance",
                        text -> Optional.of(text).filter(INSTANCE.asMatchPredicate()),
                        "a name of letters, digits, . _ -")
                .orElse("");
        Rescan rescan = rescan(root.section("rescan"));
        Optional<Registry> registry =
                root.has("schema-registry") ? registry(root.section("schema-registry")) : Optional.empty();
        Optional<URI> traces = root.has("traces") ? traces(root.section("traces")) : Optional.empty();
        Http http = http(root.section("http"));
        List<SourceSettings> read = sources.read(root, rescan);
        root.end();
        return new Settings(kafka, topics, old, instance, rescan, registry, traces, http, read);
    }

    private static Topics topics(Section section) {
        Topics topics = new Topics(
                section.parsed(
                                "prefix",
                                text -> Optional.of(text).filter(PREFIX.asMatchPredicate()),
                                "the beginning of a topic's name: letters, digits, . _ -")
                        .orElse("usage"),
                section.flag("create", true),
                section.number("lanes", 8, 1, MOST_PARTITIONS),
                clusterDefault(section, "partitions", 8, MOST_PARTITIONS),
                clusterDefault(section, "replication-factor", -1, 100),
                clusterDefault(section, "min-insync-replicas", -1, 100),
                retention(section));
        if (topics.replicationFactor() > 0 && topics.minInsyncReplicas() > topics.replicationFactor()) {
            section.problem(
                    "min-insync-replicas",
                    topics.minInsyncReplicas() + " is more than replication-factor " + topics.replicationFactor()
                            + ": nothing could ever be written");
        }
        section.end();
        return topics;
    }

    private static int clusterDefault(Section section, String key, int fallback, int most) {
        return section.parsed(
                        key,
                        text -> {
                            try {
                                int number = Integer.parseInt(text.strip());
                                return number == -1 || (number >= 1 && number <= most)
                                        ? Optional.of(number)
                                        : Optional.empty();
                            } catch (NumberFormatException e) {
                                return Optional.empty();
                            }
                        },
                        "a whole number from 1 to " + most + ", or -1 for the cluster's default")
                .orElse(fallback);
    }

    private static Optional<Duration> retention(Section section) {
        return section.parsed(
                        "points-retention",
                        text -> text.equals("forever")
                                ? Optional.of(Optional.<Duration>empty())
                                : Durations.parse(text).filter(d -> !d.isZero()).map(Optional::of),
                        "forever or a length of time such as 400d")
                .orElse(Optional.empty());
    }

    private static Rescan rescan(Section section) {
        Rescan rescan = new Rescan(
                section.duration("daily", Duration.ofDays(7), Duration.ZERO),
                section.duration("weekly", Duration.ofDays(60), Duration.ZERO),
                section.duration("horizon", Duration.ofDays(62), Duration.ofDays(1)));
        longerThanHorizon(section, "daily", rescan.daily(), rescan);
        longerThanHorizon(section, "weekly", rescan.weekly(), rescan);
        section.end();
        return rescan;
    }

    private static void longerThanHorizon(Section section, String key, Duration reach, Rescan rescan) {
        if (reach.compareTo(rescan.horizon()) > 0) {
            section.problem(key, rescan.beyond("horizon", reach));
        }
    }

    private static Optional<Registry> registry(Section section) {
        Optional<URI> url = section.parsed("url", SettingsReader::registryUrl, "an http or https URL");
        if (!section.has("url")) {
            section.problem("url", "is missing");
        }
        boolean autoRegister = section.flag("auto-register", true);
        section.end();
        return url.map(u -> new Registry(u, autoRegister));
    }

    /** An empty endpoint is none: it may come from an environment where there is no collector. */
    private static Optional<URI> traces(Section section) {
        Optional<Optional<URI>> endpoint = section.parsed(
                "otlp-endpoint",
                text -> text.isBlank()
                        ? Optional.of(Optional.<URI>empty())
                        : SettingsReader.registryUrl(text).map(Optional::of),
                "an http or https URL such as http://127.0.0.1:4318");
        section.end();
        return endpoint.flatMap(url -> url);
    }

    private static Optional<URI> registryUrl(String text) {
        try {
            URI url = new URI(text.strip());
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            return http && url.getHost() != null ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private Http http(Section section) {
        String host = environment.getOrDefault(HOST, "");
        Http http = new Http(
                section.text("host", host.isEmpty() ? "127.0.0.1" : host),
                section.number("port", 8080, 0, 65_535),
                secrets.file(section, "token-file"));
        section.end();
        return http;
    }
}
