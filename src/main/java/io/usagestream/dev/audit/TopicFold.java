package io.usagestream.dev.audit;

import io.usagestream.envelope.CloudEvents;
import io.usagestream.envelope.Reader;
import io.usagestream.envelope.RecordType;
import io.usagestream.stream.Event;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.EventRevision;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Split;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a reader of the topics holds: the last revision of each record, read with {@code read_committed}, and what is wrong with the rest. */
final class TopicFold {
    private final Map<String, Map<String, Held>> splits = new HashMap<>();
    private int records;

    /** One record's history so far. */
    private static final class Held {
        private int revision;
        private boolean retracted;
        private int irregular;
        private String key = "";
        private SortedMap<String, Measure> measures = new TreeMap<>();
        private final Map<String, BigDecimal> deltas = new HashMap<>();
    }

    /** Reads the topics of usage from their beginning to their end. */
    static TopicFold read(Map<String, String> client, String prefix) {
        TopicFold fold = new TopicFold();
        Properties properties = new Properties();
        properties.putAll(client);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        Reader reader = new Reader();
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            for (RecordType type : List.of(RecordType.POINT, RecordType.ACTIVITY)) {
                List<TopicPartition> partitions = consumer.partitionsFor(type.topic(prefix)).stream()
                        .map(p -> new TopicPartition(p.topic(), p.partition()))
                        .toList();
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
                Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
                while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                        Split split = CloudEvents.split(record.headers()).orElseThrow();
                        fold.add(reader.publication(type, split, record.value()));
                    }
                }
            }
        }
        return fold;
    }

    int records() {
        return records;
    }

    private void add(Publication publication) {
        records++;
        Map<String, Held> split = splits.computeIfAbsent(publication.split().name(), name -> new HashMap<>());
        if (publication instanceof PointRevision point) {
            Held held = split.computeIfAbsent(point.id(), id -> new Held());
            revise(held, point.revision(), point.retracted());
            held.key = point.id();
            held.measures = new TreeMap<>();
            point.changes().forEach((name, change) -> {
                held.measures.put(name, change.now());
                held.deltas.merge(name + "/" + change.now().unit(), change.delta(), BigDecimal::add);
            });
        } else if (publication instanceof EventRevision event) {
            Held held = split.computeIfAbsent(event.id(), id -> new Held());
            revise(held, event.revision(), event.retracted());
            held.key = LedgerTruth.eventKey(event.event());
            held.measures = new TreeMap<>();
            event.event().cost().ifPresent(cost -> held.measures.put(Event.COST, cost));
        }
    }

    /** Revisions come dense and in order; anything else is a record too many or too few. */
    private static void revise(Held held, int revision, boolean retracted) {
        held.irregular += revision == held.revision + 1 ? 0 : 1;
        held.revision = revision;
        held.retracted = retracted;
    }

    /** Records of a split whose revision was not the next one: doubled, or out of order. */
    int irregular(Split split) {
        return held(split).values().stream().mapToInt(held -> held.irregular).sum();
    }

    /** Points of a split whose deltas do not add up to their values. */
    long unsummed(Split split) {
        return held(split).values().stream()
                .filter(held -> held.deltas.entrySet().stream().anyMatch(entry -> !addsUp(held, entry)))
                .count();
    }

    private static boolean addsUp(Held held, Map.Entry<String, BigDecimal> deltas) {
        int slash = deltas.getKey().indexOf('/');
        Measure now = held.measures.get(deltas.getKey().substring(0, slash));
        boolean holds = now != null && deltas.getKey().substring(slash + 1).equals(now.unit());
        return deltas.getValue().compareTo(holds && now != null ? now.value() : BigDecimal.ZERO) == 0;
    }

    /** The rows of a split that hold, by id; events by identity and cost. */
    Map<String, Row> rows(Split split) {
        Map<String, Row> rows = new TreeMap<>();
        Map<String, Integer> twins = new HashMap<>();
        held(split).values().stream().filter(held -> !held.retracted).forEach(held -> {
            Row row = new Row(held.measures);
            if (split.stream().equals("activity")) {
                rows.put(held.key + "#" + twins.merge(held.key, 1, Integer::sum), row);
            } else if (!row.isZero()) {
                rows.put(held.key, row);
            }
        });
        return rows;
    }

    private Map<String, Held> held(Split split) {
        return splits.getOrDefault(split.name(), Map.of());
    }
}
