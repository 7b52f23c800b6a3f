package io.usagestream.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Kafka Connect, distributed, exactly once, with the producer set as the service's is. */
final class ConnectPeer {
    private static final String WORKER = "org.apache.kafka.connect.cli.ConnectDistributed";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private ConnectPeer() {}

    /** Whether it is on the class path: the profile {@code benchmark} brings it. */
    static boolean present() {
        try {
            Class.forName(WORKER, false, ConnectPeer.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** @param boundary what ends a transaction: {@code poll}, a page each, or {@code interval}, a second */
    static BenchProcess start(Bench bench, String name, String boundary, int accounts, Instant from, Instant to) {
        int port = Bench.freePort();
        Path file = bench.folder().resolve(name + ".properties");
        String worker = """
                bootstrap.servers=%1$s
                group.id=%2$s
                listeners=http://127.0.0.1:%3$d
                key.converter=org.apache.kafka.connect.storage.StringConverter
                value.converter=org.apache.kafka.connect.storage.StringConverter
                config.storage.topic=%2$s-configs
                offset.storage.topic=%2$s-offsets
                status.storage.topic=%2$s-status
                config.storage.replication.factor=1
                offset.storage.replication.factor=1
                offset.storage.partitions=1
                status.storage.replication.factor=1
                status.storage.partitions=1
                exactly.once.source.support=enabled
                offset.flush.interval.ms=1000
                connector.client.config.override.policy=All
                plugin.discovery=service_load
                plugin.path=%4$s
                """.formatted(
                        bench.bootstrapServers(), name, port, bench.folder().resolve("plugins"));
        try {
            // nothing in it: the connector is on the class path
            Files.createDirectories(bench.folder().resolve("plugins"));
            Files.writeString(file, worker);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        BenchProcess process = BenchProcess.start(
                bench.folder(), name, Bench.peer(bench.gcLog(name)), WORKER, List.of(file.toString()));
        Map<String, String> connector = Map.ofEntries(
                Map.entry("connector.class", "io.usagestream.benchmark.connect.LeanSource"),
                Map.entry("tasks.max", "1"),
                Map.entry("url", bench.baseUrl()),
                Map.entry("topic", name + "-rows"),
                Map.entry("accounts", String.valueOf(accounts)),
                Map.entry("start", String.valueOf(from.getEpochSecond())),
                Map.entry("end", String.valueOf(to.getEpochSecond())),
                Map.entry("exactly.once.support", "required"),
                Map.entry("transaction.boundary", boundary),
                Map.entry("transaction.boundary.interval.ms", "1000"),
                Map.entry("producer.override.compression.type", "lz4"),
                Map.entry("producer.override.linger.ms", "50"),
                Map.entry("producer.override.batch.size", "131072"));
        String json = connector.entrySet().stream()
                .map(e -> "\"" + e.getKey() + "\":\"" + e.getValue() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
        put(URI.create("http://127.0.0.1:" + port + "/connectors/lean/config"), json, process);
        return process;
    }

    /** Until the worker has taken it. */
    private static void put(URI uri, String json, BenchProcess process) {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        String said = "";
        while (System.nanoTime() - deadline < 0 && process.alive()) {
            try {
                HttpResponse<String> response = HTTP.send(
                        HttpRequest.newBuilder(uri)
                                .header("content-type", "application/json")
                                .timeout(Duration.ofSeconds(20))
                                .PUT(HttpRequest.BodyPublishers.ofString(json))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() / 100 == 2) {
                    return;
                }
                said = response.body();
            } catch (IOException e) {
                said = e.toString();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            BenchProcess.sleep(200);
        }
        throw new IllegalStateException("the worker did not take the connector (" + said + "), see " + process);
    }
}
