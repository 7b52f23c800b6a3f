package io.usagestream.chaos;

import io.usagestream.cli.ConfigOption;
import io.usagestream.cli.Main;
import io.usagestream.config.Settings;
import io.usagestream.dev.audit.Audit;
import io.usagestream.dev.upstream.ledger.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Brokers, an upstream and any number of instances, each a process; what they print is kept in {@code target/chaos}. */
final class Stage implements AutoCloseable {
    private static final String PREFIX = "chaos";
    private static final Duration CATCHING_UP = Duration.ofSeconds(Long.getLong("chaos.patience", 150));

    private static final String HEAP = System.getProperty("chaos.heap", "224m");

    private final Path folder;
    private final Workload workload;
    private final Cluster cluster;
    private final UpstreamChild upstream;
    private final Path file;
    private final Instant start;
    private final List<Child> instances = new CopyOnWriteArrayList<>();
    private final List<Child> all = new CopyOnWriteArrayList<>();
    private String mainClass = Main.class.getName();
    private List<String> leading = List.of();
    private int launched;

    private Stage(Path folder, Workload workload, Cluster cluster) {
        this.folder = folder;
        this.workload = workload;
        this.cluster = cluster;
        this.file = folder.resolve("usagestream.yaml");
        Instant now = Instant.now();
        this.start = workload.start(now);
        this.upstream = new UpstreamChild(folder, workload);
        try {
            // a lock in the temporary folder goes with the prefix
            Files.writeString(
                    file,
                    "http: {host: 127.0.0.1, port: 0}\n"
                            + workload.yaml(cluster.bootstrapServers(), upstream.baseUrl(), prefix(), now));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With a proxy before the broker. */
    static Stage rough(String name, Workload workload) {
        Path folder = folder(name, workload);
        return new Stage(folder, workload, OneBroker.behindProxy(folder));
    }

    /** Without a proxy: for figures. */
    static Stage plain(String name, Workload workload) {
        Path folder = folder(name, workload);
        return new Stage(folder, workload, OneBroker.direct(folder));
    }

    /** With three brokers. */
    static Stage replicated(String name, Workload workload) {
        Path folder = folder(name, workload);
        return new Stage(folder, workload, new ThreeBrokers(folder));
    }

    private static Path folder(String name, Workload workload) {
        try {
            Path parent = Files.createDirectories(Path.of("target", "chaos").toAbsolutePath());
            return Files.createTempDirectory(parent, name + "-" + workload.seed() + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another main class for what follows: a faulty one that must be caught. */
    void playing(Class<?> other, String argument) {
        mainClass = other.getName();
        leading = List.of(argument);
    }

    Workload workload() {
        return workload;
    }

    Cluster cluster() {
        return cluster;
    }

    UpstreamChild upstream() {
        return upstream;
    }

    /** Unlike any other stage's, so that slots of instances do not meet. */
    String prefix() {
        return PREFIX + folder.getFileName().toString().replaceAll("\\D", "");
    }

    Map<String, String> client() {
        return Map.of("bootstrap.servers", cluster.bootstrapServers());
    }

    /** Starts one more instance. */
    Child launch() {
        Child instance = start("run-" + launched++, mainClass, leading, List.of());
        instances.add(instance);
        return instance;
    }

    /** The instances that were started and not dismissed. */
    List<Child> instances() {
        return instances;
    }

    /** Takes an instance off the list; it is no longer counted on. */
    void dismiss(Child instance) {
        instances.remove(instance);
    }

    private Child start(String name, String main, List<String> first, List<String> more) {
        List<String> arguments = new ArrayList<>(first);
        arguments.addAll(List.of("run", "--config", file.toString()));
        arguments.addAll(more);
        Child child = Child.start(folder, name, HEAP, main, arguments);
        all.add(child);
        return child;
    }

    /** Ends all instances at once. */
    void clear() {
        instances.forEach(Child::kill);
        instances.clear();
    }

    /** Stops time upstream, lets a sound instance catch up with it, compares. */
    Verdict settle() {
        Instant frozen = upstream.freeze();
        System.out.println("chaos: upstream stands still as of " + frozen + ", see " + folder);
        Pause.millis(workload.settled().toMillis());
        catchUp();
        return new Verdict(audit(frozen), Topics.openTransactions(client()), Topics.records(client(), prefix()));
    }

    /** Records so far whose revision was not the next one. */
    int doubled() {
        return audit(Instant.now()).stream().mapToInt(Audit.Finding::doubled).sum();
    }

    private List<Audit.Finding> audit(Instant at) {
        Ledger ledger = new Ledger(workload.ledger(), InstantSource.fixed(at));
        ledger.freeze(at);
        Settings settings = ConfigOption.read(file);
        return new Audit(ledger, Workload::account).of(settings.sources(), start, client(), prefix());
    }

    /** {@code run --until-caught-up}, which must end well. */
    void catchUp() {
        Child last = start("catch-up-" + launched++, Main.class.getName(), List.of(), List.of("--until-caught-up"));
        var status = last.exit(CATCHING_UP);
        if (status.isEmpty() || status.getAsInt() != 0) {
            last.kill();
            throw new AssertionError(
                    "--until-caught-up did not end well (" + status + "), see " + folder + ": " + tail(last.lines()));
        }
    }

    /** How often an instance logged that. */
    long logged(String what) {
        return all.stream()
                .flatMap(child -> child.lines().stream())
                .filter(line -> line.contains(what))
                .count();
    }

    private static List<String> tail(List<String> lines) {
        return lines.subList(Math.max(0, lines.size() - 20), lines.size());
    }

    @Override
    public void close() {
        all.forEach(Child::close);
        upstream.close();
        cluster.close();
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
