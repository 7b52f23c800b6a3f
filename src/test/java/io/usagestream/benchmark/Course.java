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
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * How a topic filled, and what its writer spent on it. What is said of it leaves the beginning out, while which the JVM still
 * compiles, and the end, while which only the last stragglers come.
 *
 * @param leftOut the share of the records that counts as the beginning
 */
record Course(List<Sample> samples, double leftOut) {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** @param records offsets of committed records, markers of transactions among them */
    record Sample(long nanos, Duration cpu, long records) {}

    /** Watches until the writer has ended or the topic holds that many. */
    static Course watch(String bootstrapServers, String topic, int partitions, BenchProcess writer, long enough) {
        Properties properties = new Properties();
        properties.putAll(Map.of("bootstrap.servers", bootstrapServers));
        List<Sample> samples = new ArrayList<>();
        boolean exists = false;
        try (Admin admin = Admin.create(properties)) {
            boolean over;
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            do {
                over = !writer.alive() || System.nanoTime() - deadline > 0;
                Duration cpu = !over || samples.isEmpty()
                        ? writer.cpu()
                        : samples.get(samples.size() - 1).cpu();
                exists = exists || exists(admin, topic);
                samples.add(new Sample(System.nanoTime(), cpu, exists ? records(admin, topic, partitions) : 0));
                over |= samples.get(samples.size() - 1).records() >= enough;
                BenchProcess.sleep(100);
            } while (!over);
        }
        return new Course(samples, 0.25);
    }

    private static boolean exists(Admin admin, String topic) {
        return asked(admin.listTopics().names()).contains(topic);
    }

    private static long records(Admin admin, String topic, int partitions) {
        Map<TopicPartition, OffsetSpec> ends = IntStream.range(0, partitions)
                .boxed()
                .collect(Collectors.toMap(p -> new TopicPartition(topic, p), p -> OffsetSpec.latest()));
        ListOffsetsOptions committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        return asked(admin.listOffsets(ends, committed).all()).values().stream()
                .mapToLong(o -> o.offset())
                .sum();
    }

    private static <T> T asked(KafkaFuture<T> answer) {
        try {
            return answer.get();
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

    Course leavingOut(double share) {
        return new Course(samples, share);
    }

    Sample begin() {
        return after(leftOut);
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
