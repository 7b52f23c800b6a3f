package io.usagestream.dev.demo;

import io.usagestream.cli.CommandException;
import io.usagestream.cli.Engine;
import io.usagestream.cli.ExitStatus;
import io.usagestream.config.Settings;
import io.usagestream.dev.audit.Audit;
import io.usagestream.dev.broker.BrokerSettings;
import io.usagestream.dev.broker.EmbeddedKafka;
import io.usagestream.dev.upstream.SimulatedUpstream;
import io.usagestream.dev.upstream.UpstreamSettings;
import io.usagestream.dev.upstream.fault.Fault;
import io.usagestream.dev.upstream.ledger.LedgerSettings;
import io.usagestream.ingest.CatchUp;
import io.usagestream.ingest.Observer;
import io.usagestream.source.StreamSettings;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The demo: a broker, the simulated upstream and the service in this process, a table of what flows, and at the end the audit. */
final class Demo implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How long the audit waits for the last sweep: it is bounded by upstream's faults, not by the service. */
    private static final Duration SETTLING = Duration.ofMinutes(5);

    private final PrintStream out;
    private final boolean terminal;
    private final Flow flow = new Flow();
    private final Vertx vertx = Vertx.vertx();
    private final EmbeddedKafka kafka;
    private final SimulatedUpstream upstream;
    private final DemoConfiguration configuration;
    private final Settings settings;
    private Optional<Engine> engine = Optional.empty();

    Demo(int accounts, int httpPort, Set<Fault> faults, PrintStream out, boolean terminal) throws InterruptedException {
        this.out = out;
        this.terminal = terminal;
        out.println("Starting a Kafka broker, a simulated upstream with " + accounts
                + (accounts == 1 ? " account" : " accounts") + " of each provider, and the service …");
        kafka = EmbeddedKafka.start(BrokerSettings.SINGLE);
        Instant now = Instant.now();
        LedgerSettings ledger =
                LedgerSettings.of(now.getEpochSecond() / 86_400, accounts).withRush(now, 3000);
        upstream = await(
                SimulatedUpstream.start(vertx, UpstreamSettings.of(ledger).with(faults), Clock.systemUTC()), PATIENCE);
        configuration = new DemoConfiguration(kafka.bootstrapServers(), upstream.baseUrl(), accounts, httpPort, now);
        settings = configuration.settings();
    }

    /** Runs the service and draws the table until the time is over; for ever without one. */
    void run(Optional<Duration> time) throws InterruptedException {
        start(List.of());
        out.println("Kafka     " + kafka.bootstrapServers() + "   topics "
                + settings.topics().prefix() + ".*");
        out.println("Upstream  " + upstream.baseUrl());
        engine.flatMap(Engine::console).ifPresent(address -> out.println("Console   " + address));
        out.println();
        Instant end = time.map(Instant.now()::plus).orElse(Instant.MAX);
        LiveTable table = new LiveTable(flow, out, terminal);
        while (waited(table.interval(), end)) {
            table.draw(Instant.now());
        }
        table.finish(Instant.now());
    }

    /** Waits for that long, or only until the end; tells whether it is still to come. */
    private static boolean waited(Duration interval, Instant end) throws InterruptedException {
        Instant now = Instant.now();
        Instant next = now.isBefore(end.minus(interval)) ? now.plus(interval) : end;
        Thread.sleep(Math.max(0, Duration.between(now, next).toMillis()));
        return next.isBefore(end);
    }

    /** Plants a spike in the first account after that time. */
    void plantSpike(Duration after) {
        vertx.setTimer(Math.max(1, after.toMillis()), id -> upstream.ledger().spike(1, Instant.now()));
    }

    /**
     * Freezes upstream, lets a new service read once more what is left, and compares.
     *
     * @return whether everything is equal
     */
    boolean audit() throws InterruptedException {
        out.println();
        out.println("Freezing upstream and reading what is left; the service is restarted for it …");
        upstream.faults().clear();
        upstream.ledger().freeze();
        stop();
        Thread.sleep(configuration.safetyLag().plusSeconds(1).toMillis());
        List<Split> splits = settings.sources().stream()
                .flatMap(source -> source.streams().stream())
                .map(StreamSettings::split)
                .toList();
        CatchUp catchUp = new CatchUp(splits, Instant.now());
        start(List.of(catchUp));
        Map<String, Optional<Reason>> outcomes = await(catchUp.done(), SETTLING);
        stop();
        outcomes.forEach((split, reason) -> reason.ifPresent(r -> out.println("given up: " + split + " " + r.word())));
        List<Audit.Finding> findings = new Audit(upstream.ledger(), configuration::account)
                .of(
                        settings.sources(),
                        configuration.start(),
                        settings.kafka().values(),
                        settings.topics().prefix());
        AuditReport.of(findings).forEach(out::println);
        return findings.stream().allMatch(Audit.Finding::equal);
    }

    private void start(List<Observer> more) throws InterruptedException {
        List<Observer> observers = new ArrayList<>(more);
        observers.add(flow);
        Engine started = new Engine(vertx, settings, observers);
        engine = Optional.of(started);
        await(started.start(), PATIENCE);
    }

    private void stop() throws InterruptedException {
        if (engine.isPresent()) {
            await(engine.get().stop(), PATIENCE);
            engine = Optional.empty();
        }
    }

    @Override
    public void close() throws InterruptedException {
        try {
            stop();
            await(upstream.close(), PATIENCE);
            await(vertx.close(), PATIENCE);
        } finally {
            kafka.close();
        }
    }

    private static <T> T await(Future<T> future, Duration patience) throws InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(patience.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new CommandException(
                    ExitStatus.FAILED, "the demo did not get on within " + patience.toSeconds() + " s");
        }
    }
}
