package io.usagestream.hostile;

import io.usagestream.chaos.Child;
import io.usagestream.cli.Main;
import io.usagestream.it.SharedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service as a process of its own in 128 MB, with a source for every row, talking as much as it can. */
final class Service implements AutoCloseable {
    static final String PREFIX = "hostile";

    private static final Pattern CONSOLE = Pattern.compile("console=\"?(http://[^\\s\"]+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final Child process;
    private final List<Child> commands = new ArrayList<>();

    private Service(Path folder, Child process) {
        this.folder = folder;
        this.process = process;
    }

    static Service start(List<Row> rows, HostileUpstream upstream) throws IOException {
        Path parent = Files.createDirectories(Path.of("target", "hostile").toAbsolutePath());
        Path folder = Files.createTempDirectory(parent, "run-");
        StringBuilder yaml = new StringBuilder();
        yaml.append("kafka: {bootstrap.servers: \"")
                .append(SharedKafka.instance().bootstrapServers())
                .append("\"}\n")
                .append("topics: {prefix: " + PREFIX + ", lanes: 4, partitions: 2}\n")
                .append("http: {host: 127.0.0.1, port: 0}\nsources:\n");
        for (Row row : rows) {
            yaml.append(source(folder, row.source(), upstream.base(row), row.scenario(), List.of(row.stream())));
        }
        yaml.append(source(folder, CalmAndKeys.CALM, upstream.base(CalmAndKeys.CALM), false, List.of("completions")));
        yaml.append(source(folder, CalmAndKeys.KEYS, upstream.base(CalmAndKeys.KEYS), false, CalmAndKeys.STREAMS));
        Path file = Files.writeString(folder.resolve("usagestream.yaml"), yaml);
        Child process = Child.start(
                folder,
                "run",
                "128m",
                Main.class.getName(),
                List.of("run", "--config", file.toString(), "--log-level", "debug"));
        return new Service(folder, process);
    }

    private static String source(Path folder, String name, String base, boolean scenario, List<String> streams)
            throws IOException {
        Canaries canaries = Canaries.of(name);
        Instant start = Instant.now().minus(2, ChronoUnit.DAYS).truncatedTo(ChronoUnit.DAYS);
        String keys = scenario
                ? "api-key-file: " + file(folder, name + ".api-key", canaries.apiKey()) + "\n    api-secret-file: "
                        + file(folder, name + ".api-secret", canaries.apiSecret())
                : "admin-key-file: " + file(folder, name + ".admin-key", canaries.key());
        StringBuilder map = new StringBuilder();
        for (String stream : streams) {
            String width = scenario || stream.equals("costs") ? "" : "bucket-width: 1h, ";
            String group = stream.equals("completions") ? "group-by: [project_id, model, user_id]" : "";
            map.append("      ")
                    .append(stream)
                    .append(": {")
                    .append((width + group).replaceAll(", $", ""))
                    .append("}\n");
        }
        return """
                  - name: %s
                    provider: %s
                    base-url: %s
                    %s
                    start: %s
                    poll-interval: 1s
                    hot: 2h
                    sweep-interval: 3s
                    lookback: 4h
                    safety-lag: 1s
                    requests-per-minute: 60000
                    user-id: hash
                    user-id-key-file: %s
                    streams:
                """.formatted(
                                name,
                                scenario ? "scenario" : "openai",
                                base,
                                keys,
                                start,
                                file(folder, name + ".pepper", canaries.pepper()))
                        .indent(0)
                + map;
    }

    private static Path file(Path folder, String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text + "\n");
    }

    /** Has the service read a day that is closed at any hour of today once more, by a command beside it. */
    void backfillClosedDay(String source) {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        commands.add(Child.start(
                folder,
                "backfill",
                "128m",
                Main.class.getName(),
                List.of(
                        "backfill",
                        "--config",
                        folder.resolve("usagestream.yaml").toString(),
                        "--source",
                        source,
                        "--from",
                        today.minusDays(2) + "T00:00:00Z",
                        "--to",
                        today.minusDays(1) + "T00:00:00Z")));
    }

    /** Puts another key in the place of the one before, as people should: at once. */
    void replaceKey(String source, String key) throws IOException {
        Path fresh = file(folder, source + ".fresh", key);
        Files.move(fresh, folder.resolve(source + ".admin-key"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Where it shows itself, once it does. */
    String console() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline && process.alive()) {
            for (String line : process.lines()) {
                Matcher console = CONSOLE.matcher(line);
                if (console.find()) {
                    return console.group(1).replaceAll("/$", "");
                }
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException("it does not run: " + process.lines());
    }

    Child process() {
        return process;
    }

    @Override
    public void close() {
        commands.forEach(Child::close);
        process.close();
    }
}
