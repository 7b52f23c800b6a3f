package io.usagestream.benchmark;

import io.usagestream.cli.Main;
import io.usagestream.dev.broker.BrokerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** A broker and an upstream, each a process of its own on loopback, and room for what is measured against them. */
final class Bench implements AutoCloseable {
    /** Of every topic that is written to. */
    static final int PARTITIONS = 3;

    /** What the image's java.options say of compiling. */
    static final List<String> COMPILING = imageOptions("-XX:Tier4");

    /** What the image's java.options say of memory and compiling. */
    static final List<String> AS_IN_THE_IMAGE = Stream.of(
                    List.of("-Xmx256m"),
                    imageOptions("-XX:+UseSerialGC"),
                    imageOptions("-XX:NewRatio"),
                    imageOptions("-XX:SurvivorRatio"),
                    imageOptions("-XX:MetaspaceSize"),
                    COMPILING)
            .flatMap(List::stream)
            .toList();

    /** To look into the service, such as with a flight recording. */
    private static final List<String> MORE_JVM = Arrays.stream(
                    System.getProperty("bench.jvm", "").split(" "))
            .filter(option -> !option.isEmpty())
            .toList();

    private final Path folder;
    private final BenchProcess broker;
    private final BenchProcess upstream;
    private final String bootstrapServers;
    private final String baseUrl;

    Bench(int rowsAnHour, Duration latency) {
        this(BenchUpstream.class, List.of(String.valueOf(rowsAnHour), String.valueOf(latency.toMillis())));
    }

    /** With an upstream of one's own, which prints {@code base-url=…}. */
    Bench(Class<?> upstreamClass, List<String> upstreamArguments) {
        try {
            folder = Files.createTempDirectory(
                    Files.createDirectories(Path.of("target", "benchmark").toAbsolutePath()), "run-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        broker = BenchProcess.start(
                folder,
                "broker",
                List.of("-Xmx512m", "-XX:+UseSerialGC"),
                BrokerProcess.class.getName(),
                List.of("folder=" + folder.resolve("kafka")));
        upstream = BenchProcess.start(
                folder,
                "upstream",
                List.of("-Xmx256m", "-XX:+UseSerialGC"),
                upstreamClass.getName(),
                upstreamArguments);
        bootstrapServers = broker.printed("bootstrap.servers=");
        baseUrl = upstream.printed("base-url=");
    }

    Path folder() {
        return folder;
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    String baseUrl() {
        return baseUrl;
    }

    /** {@code run} on accounts of which only completions are read, in one lane, as a process of 256 MB. */
    BenchProcess service(String name, int accounts, Instant start, int port, String... more) {
        StringBuilder yaml = new StringBuilder("""
                kafka: {bootstrap.servers: "%s"}
                topics: {prefix: %s, lanes: 1, partitions: %d, replication-factor: 1}
                http: {host: 127.0.0.1, port: %d}
                sources:
                """.formatted(bootstrapServers, name, PARTITIONS, port));
        for (int account = 0; account < accounts; account++) {
            yaml.append("  - {name: a%d, provider: openai, base-url: \"%s\", admin-key: sk-admin-%d, start: \"%s\","
                    .formatted(account, baseUrl, account, start.truncatedTo(ChronoUnit.DAYS)));
            yaml.append(" requests-per-minute: 60000, streams: {completions: {}}}\n");
        }
        return service(name, yaml.toString(), AS_IN_THE_IMAGE, more);
    }

    /** {@code run} on a configuration, as a process with those options of the JVM. */
    BenchProcess service(String name, String yaml, List<String> options, String... more) {
        Path file = folder.resolve(name + ".yaml");
        try {
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> arguments = new ArrayList<>(List.of("run", "--config", file.toString()));
        arguments.addAll(Arrays.asList(more));
        List<String> jvm = new ArrayList<>(options);
        jvm.add(GcLog.option(gcLog(name)));
        jvm.addAll(MORE_JVM);
        return BenchProcess.start(folder, name, jvm, Main.class.getName(), arguments);
    }

    private static List<String> imageOptions(String beginning) {
        try (Stream<String> lines = Files.lines(Path.of("src", "main", "docker", "java.options"))) {
            List<String> found =
                    lines.filter(line -> line.startsWith(beginning)).toList();
            if (found.isEmpty()) {
                throw new IllegalStateException("java.options says nothing of " + beginning);
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Options of whom the service is measured against: what helps the service is not kept from it. */
    static List<String> peer(Path gcLog) {
        List<String> options = new ArrayList<>(List.of("-Xmx512m", "-XX:+UseSerialGC", GcLog.option(gcLog)));
        options.addAll(COMPILING);
        return options;
    }

    Path gcLog(String name) {
        return folder.resolve(name + ".gc");
    }

    void createTopic(String name) {
        asked(admin -> admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1)))
                .all()
                .get());
    }

    /** What is not needed any more takes no room and no attention of the broker. */
    void deleteTopics(String prefix) {
        asked(admin -> {
            List<String> names = admin.listTopics().names().get().stream()
                    .filter(name -> name.startsWith(prefix))
                    .toList();
            return admin.deleteTopics(names).all().get();
        });
    }

    private interface Question {
        Object ask(Admin admin) throws Exception;
    }

    private void asked(Question question) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) bootstrapServers))) {
            question.ask(admin);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How busy the machine is: a figure without it says little. */
    static String machine() {
        String load;
        try {
            load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
        } catch (IOException e) {
            load = "?";
        }
        return String.format(
                Locale.ROOT,
                "%s, %d cores, JDK %s, load average %s",
                Instant.now().truncatedTo(ChronoUnit.MINUTES),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                load);
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Ratios pair by pair. */
    static double medianRatio(List<Double> of, List<Double> to) {
        return median(IntStream.range(0, of.size())
                .mapToObj(i -> of.get(i) / to.get(i))
                .collect(Collectors.toList()));
    }

    @Override
    public void close() {
        upstream.close();
        broker.close();
    }
}
