package io.usagestream.cli;

import io.usagestream.chaos.Child;
import io.usagestream.dev.audit.Audit;
import io.usagestream.dev.upstream.SimulatedUpstream;
import io.usagestream.dev.upstream.UpstreamSettings;
import io.usagestream.dev.upstream.ledger.Ledger;
import io.usagestream.dev.upstream.ledger.LedgerSettings;
import io.usagestream.dev.upstream.ledger.Temper;
import io.usagestream.dev.upstream.openai.OpenAiApi;
import io.usagestream.dev.upstream.scenario.ScenarioApi;
import io.usagestream.envelope.RecordType;
import io.usagestream.ingest.Observer;
import io.usagestream.it.SharedKafka;
import io.usagestream.ops.trace.Tracing;
import io.usagestream.query.CommittedTopics;
import io.usagestream.query.DecodedTopics;
import io.usagestream.sink.kafka.GroupOwners;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.TraceHeaders;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import picocli.CommandLine;

/** A real broker, the simulated upstream and a configuration for both; commands run in this process as a user would type them. */
final class CommandStage implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final Duration SAFETY_LAG = Duration.ofSeconds(2);

    private final Vertx vertx = Vertx.vertx();
    private KafkaSettings kafka;
    private final SimulatedUpstream upstream;
    private final Path folder;
    private final Path file;
    private final String openAiStreams;
    private final String scenarioStreams;
    private final Instant start;
    private final int requestsPerMinute;
    private final Duration poll;
    private final Duration lookback;

    /** What a command printed and how it ended. */
    record Said(int status, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    /**
     * An upstream that changes only on purpose.
     *
     * @param streams the streams of both sources, as the configuration writes them
     */
    CommandStage(Path folder, Duration history, String openAiStreams, String scenarioStreams) throws Exception {
        this(folder, history, openAiStreams, scenarioStreams, 60_000, Duration.ofSeconds(1), Temper.CALM);
        // before what the safety lag leaves out: the second read would else find events that the first did not
        upstream.ledger().freeze(Instant.now().minus(SAFETY_LAG));
    }

    /** The same on another broker. */
    CommandStage(Path folder, KafkaSettings kafka, Duration history, String openAiStreams, String scenarioStreams)
            throws Exception {
        this(folder, history, openAiStreams, scenarioStreams);
        connect(kafka, false);
    }

    CommandStage(
            Path folder,
            Duration history,
            String openAiStreams,
            String scenarioStreams,
            int requestsPerMinute,
            Duration poll,
            Temper temper)
            throws Exception {
        this(
                folder,
                history,
                openAiStreams,
                scenarioStreams,
                requestsPerMinute,
                poll,
                LedgerSettings.of(7, 1).withTemper(temper));
    }

    CommandStage(
            Path folder,
            Duration history,
            String openAiStreams,
            String scenarioStreams,
            int requestsPerMinute,
            Duration poll,
            LedgerSettings ledger)
            throws Exception {
        this.folder = folder;
        this.kafka = SharedKafka.instance().settings(2);
        this.openAiStreams = openAiStreams;
        this.scenarioStreams = scenarioStreams;
        this.requestsPerMinute = requestsPerMinute;
        this.poll = poll;
        // a restless past changes for 41 hours
        this.lookback = ledger.temper() == Temper.CALM ? Duration.ofHours(24) : Duration.ofHours(48);
        Instant now = Instant.now();
        start = Window.startOf(Window.dayOf(now.minus(history)));
        upstream = await(SimulatedUpstream.start(vertx, UpstreamSettings.of(ledger), Clock.systemUTC()));
        file = folder.resolve("usagestream.yaml");
        write(true);
    }

    /**
     * From now on commands go to other brokers, or to the same as somebody else.
     *
     * @param create whether they may make topics
     */
    void connect(KafkaSettings other, boolean create) throws IOException {
        kafka = other;
        write(create);
    }

    private void write(boolean create) throws IOException {
        Map<String, String> client = new TreeMap<>(kafka.client());
        client.put("session.timeout.ms", "2000");
        client.put("heartbeat.interval.ms", "500");
        String properties = client.entrySet().stream()
                .map(property -> property.getKey() + ": '" + property.getValue().replace("'", "''") + "'")
                .collect(Collectors.joining(", "));
        Files.writeString(file, """
                kafka: {%1$s}
                topics: {prefix: %2$s, lanes: 2, partitions: 2, create: %13$s}
                http: {host: 127.0.0.1, port: 0}
                sources:
                  - name: acme-1
                    provider: openai
                    base-url: %3$s
                    admin-key: %4$s
                    start: %5$s
                    poll-interval: %11$ds
                    hot: 2h
                    sweep-interval: 5s
                    lookback: %12$dh
                    requests-per-minute: %10$d
                    streams: %6$s
                  - name: studio-1
                    provider: scenario
                    base-url: %3$s
                    api-key: %7$s
                    api-secret: %8$s
                    start: %5$s
                    poll-interval: %11$ds
                    sweep-interval: 5s
                    lookback: %12$dh
                    safety-lag: %14$ds
                    requests-per-minute: %10$d
                    streams: %9$s
                """.formatted(
                        properties,
                        kafka.prefix(),
                        upstream.baseUrl(),
                        OpenAiApi.adminKey(1),
                        start,
                        openAiStreams,
                        ScenarioApi.apiKey(1),
                        ScenarioApi.apiSecret(1),
                        scenarioStreams,
                        requestsPerMinute,
                        poll.toSeconds(),
                        lookback.toHours(),
                        create,
                        SAFETY_LAG.toSeconds()));
    }

    /** From now on what is started has a key for OpenAI that is refused, or the right one again. */
    void spoilKey(boolean spoilt) throws IOException {
        String right = "admin-key: " + OpenAiApi.adminKey(1) + "\n";
        String wrong = "admin-key: sk-admin-refused\n";
        Files.writeString(file, Files.readString(file).replace(spoilt ? right : wrong, spoilt ? wrong : right));
    }

    /** Runs a command with this configuration. */
    Said run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--log-level");
        all.add("warn");
        all.add("--config");
        all.add(file.toString());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return new Said(line.execute(all.toArray(String[]::new)), out.toString(), err.toString());
    }

    /** {@code run --until-caught-up}, which must end well. */
    void catchUp() {
        Said said = run("run", "--until-caught-up");
        if (said.status() != ExitStatus.OK) {
            throw new AssertionError("run --until-caught-up ended with " + said.status() + ": " + said.err());
        }
    }

    /** The service in this process, until it is stopped. */
    Engine service(Observer... observers) throws Exception {
        Engine engine = new Engine(vertx, ConfigOption.read(file), List.of(observers));
        await(engine.start());
        return engine;
    }

    /** The service as a process of its own, when its lanes run; it can be killed. */
    Child process(String name) {
        Child process =
                Child.start(folder, name, "256m", Main.class.getName(), List.of("run", "--config", file.toString()));
        Awaitility.await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).until(() -> process.says("lane is running"));
        return process;
    }

    /** The same, and its charts know what was before. */
    Engine serviceWithHistory() throws Exception {
        Engine engine = new Engine(vertx, ConfigOption.read(file), List.of());
        engine.showHistory();
        await(engine.start());
        return engine;
    }

    /** The same, traced. */
    Engine traced(Vertx other, Tracing tracing) throws Exception {
        Engine engine = new Engine(
                other, ConfigOption.read(file), List.of(tracing.observer()), TraceHeaders.of(tracing::headers));
        await(engine.start());
        return engine;
    }

    /** The service in this process, not started. */
    Engine unstarted(Vertx other) {
        return new Engine(other, ConfigOption.read(file), List.of());
    }

    /** The names of all headers of all requests. */
    Set<String> headersSeenUpstream() {
        return upstream.requests().headers();
    }

    /** The lanes that somebody owns, and who. */
    Map<Integer, String> owners() throws Exception {
        GroupOwners group = new GroupOwners(vertx, kafka());
        return await(group.ask().eventually(group::close));
    }

    void stop(Engine engine) throws Exception {
        await(engine.stop());
    }

    Ledger ledger() {
        return upstream.ledger();
    }

    KafkaSettings kafka() {
        return kafka;
    }

    Instant start() {
        return start;
    }

    /** What upstream shows against what the topics hold, past all commands. */
    List<Audit.Finding> audit() {
        return new Audit(upstream.ledger(), source -> 1)
                .of(ConfigOption.read(file).sources(), start, kafka.client(), kafka.prefix());
    }

    /** The same as if history began earlier than it is configured. */
    List<Audit.Finding> audit(Instant from) throws IOException {
        Path earlier = file.resolveSibling("earlier.yaml");
        Files.writeString(earlier, Files.readString(file).replace("start: " + start, "start: " + from));
        return new Audit(upstream.ledger(), source -> 1)
                .of(ConfigOption.read(earlier).sources(), from, kafka.client(), kafka.prefix());
    }

    /** Every record of a topic. */
    List<Publication> records(RecordType type) {
        List<Publication> records = new ArrayList<>();
        try (CommittedTopics topics = new CommittedTopics(kafka.client(), kafka.prefix())) {
            new DecodedTopics(topics, id -> "")
                    .read(type, record -> true, (split, publication) -> records.add(publication));
        }
        return records;
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** What a command leaves to do on a signal must not be done when this JVM ends. */
    @Override
    public void close() throws Exception {
        Shutdown.onSignal(Duration.ofSeconds(1), () -> ExitStatus.OK);
        await(upstream.close());
        await(vertx.close());
    }
}
