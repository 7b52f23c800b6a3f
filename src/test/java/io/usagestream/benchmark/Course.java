package io.usagestream.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * How a topic filled, and what its writer spent on it. What is said of it leaves the first quarter out, while which the JVM still
 * compiles, and the end, while which only the last stragglers come.
 */
record Course(List<Sample> samples) {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** @param records offsets of committed records, markers of transactions among them */
    record Sample(long nanos, Duration cpu, long records) {}

    /** Watches until the writer has ended or the topic holds that many. */
    static Course watch(String bootstrapServers, String topic, int partitions, BenchProcess writer, long enough) {
        Properties properties = new Properties();
        properties.putAll(Map.of("bootstrap.servers", bootstrapServers));
        List<Sample> samples = new ArrayList<>();
        try (Admin admin = Admin.create(properties)) {
            boolean over;
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            do {
                over = !writer.alive() || System.nanoTime() - deadline > 0;
                Duration cpu = !over || samples.isEmpty()
                        ? writer.cpu()
                        : samples.get(samples.size() - 1).cpu();
                samples.add(new Sample(System.nanoTime(), cpu, records(admin, topic, partitions)));
                over |= samples.get(samples.size() - 1).records() >= enough;
                BenchProcess.sleep(40);
            } while (!over);
        }
        return new Course(samples);
    }

    static long records(Admin admin, String topic, int partitions) {
        try {
            if (!admin.listTopics().names().get().contains(topic)) {
                return 0;
            }
            return admin
                    .listOffsets(
                            IntStream.range(0, partitions)
                                    .boxed()
                                    .collect(Collectors.toMap(
                                            p -> new TopicPartition(topic, p), p -> OffsetSpec.latest())),
                            new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .all()
                    .get()
                    .values()
                    .stream()
                    .mapToLong(o -> o.offset())
                    .sum();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    long records() {
        return samples.get(samples.size() - 1).records();
    }

    Sample begin() {
        return after(0.25);
    }

    Sample end() {
        return after(0.95);
    }

    private Sample after(double share) {
        long enough = (long) (records() * share);
        return samples.stream().filter(s -> s.records() >= enough).findFirst().orElseThrow();
    }

    double recordsASecond() {
        return (end().records() - begin().records()) * 1e9 / (end().nanos() - begin().nanos());
    }

    double cpuMicrosARecord() {
        return end().cpu().minus(begin().cpu()).toNanos() / 1e3 / (end().records() - begin().records());
    }
}
