package io.usagestream.benchmark;

import io.usagestream.contract.Samples;
import io.usagestream.envelope.Envelope;
import io.usagestream.envelope.Message;
import io.usagestream.envelope.WireFormat;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Finality;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Ids;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Point;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import io.usagestream.stream.Utf8;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a record costs: to say in Avro, and to compress with each codec, in batches as a transaction sends them. */
@Tag("benchmark")
class EnvelopeBenchmark {
    private static final int ROWS = 20_000;
    private static final int BATCH = 500;
    private static final Split SPLIT = Samples.split("acme", "completions");

    @Test
    void a_record_in_avro_and_compressed() {
        List<Publication> points = points();
        Envelope envelope = new Envelope(new WireFormat.SingleObject());
        List<Message> messages = new ArrayList<>();
        long bytes = 0;
        for (int round = 0; round < 30; round++) {
            messages.clear();
            long began = cpu();
            points.forEach(p -> messages.add(envelope.encode(p)));
            if (round % 10 == 9) {
                System.out.printf(Locale.ROOT, "encode: %d ns a record%n", (cpu() - began) / ROWS);
            }
        }
        for (Message message : messages) {
            bytes += message.key().length + message.value().length;
            for (Header header : message.headers()) {
                bytes += header.key().length() + header.value().length;
            }
        }
        System.out.printf(Locale.ROOT, "raw: %d bytes a record%n", bytes / ROWS);
        for (CompressionType type : CompressionType.values()) {
            measure(type.toString(), Compression.of(type).build(), messages);
        }
        measure("zstd level 1", Compression.zstd().level(1).build(), messages);
    }

    private static void measure(String name, Compression compression, List<Message> messages) {
        long size = 0;
        long nanos = Long.MAX_VALUE;
        for (int round = 0; round < 8; round++) {
            long began = cpu();
            size = 0;
            for (int i = 0; i < messages.size(); i += BATCH) {
                size += compressed(compression, messages.subList(i, i + BATCH));
            }
            nanos = Math.min(nanos, cpu() - began);
        }
        System.out.printf(Locale.ROOT, "%s: %d bytes, %d ns a record%n", name, size / ROWS, nanos / ROWS);
    }

    /** CPU time of this thread: other processes do not count. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static int compressed(Compression compression, List<Message> messages) {
        MemoryRecordsBuilder builder =
                MemoryRecords.builder(ByteBuffer.allocate(1 << 20), compression, TimestampType.CREATE_TIME, 0);
        for (Message message : messages) {
            builder.append(
                    System.currentTimeMillis(),
                    message.key(),
                    message.value(),
                    message.headers().toArray(new Header[0]));
        }
        return builder.build().sizeInBytes();
    }

    /** Rows as a busy organization's completions are: six dimensions, six measures. */
    private static List<Publication> points() {
        Random random = new Random(7);
        List<Publication> points = new ArrayList<>(ROWS);
        String[] models = {"gpt-4o-2024-08-06", "gpt-4o-mini-2024-07-18", "o3-2025-04-16", "text-embedding-3-large"};
        for (int i = 0; i < ROWS; i++) {
            ByName.Builder<Optional<String>> dimensions = new ByName.Builder<>();
            dimensions.put("project_id", Optional.of("proj_" + hex(random, 40)));
            dimensions.put("user_id", Optional.of("user-" + hex(random, 200)));
            dimensions.put("api_key_id", Optional.of("key_" + hex(random, 100)));
            dimensions.put("model", Optional.of(models[random.nextInt(models.length)]));
            dimensions.put("batch", Optional.of("false"));
            dimensions.put("service_tier", Optional.empty());
            Measures.Builder measures = new Measures.Builder();
            for (String name : List.of(
                    "input_tokens",
                    "output_tokens",
                    "input_cached_tokens",
                    "input_audio_tokens",
                    "output_audio_tokens",
                    "num_model_requests")) {
                long value = name.contains("audio") ? 0 : random.nextInt(1_000_000);
                Measure measure = Measure.of(value, name.startsWith("num") ? "requests" : "tokens");
                measures.put(name, measure);
            }
            var start = Samples.START.plusSeconds(3600L * (i / 1000));
            Point point = new Point(start, Grain.HOUR, dimensions.build(), measures.build());
            points.add(new Publication.PointRevision(
                    SPLIT,
                    Utf8.of(Ids.point(SPLIT, point)),
                    1,
                    start,
                    Grain.HOUR,
                    point.dimensions(),
                    point.measures(),
                    ByName.empty(),
                    Finality.PROVISIONAL,
                    false,
                    false,
                    Samples.NOW));
        }
        return points;
    }

    private static String hex(Random random, int distinct) {
        return String.format("%024x", new Random(random.nextInt(distinct)).nextLong() & Long.MAX_VALUE);
    }
}
