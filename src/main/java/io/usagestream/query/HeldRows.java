package io.usagestream.query;

import io.usagestream.dedup.EntityAdmission;
import io.usagestream.dedup.SeenIndex;
import io.usagestream.envelope.CloudEvents;
import io.usagestream.envelope.EventDays;
import io.usagestream.envelope.RecordType;
import io.usagestream.ingest.Recall;
import io.usagestream.source.StreamSettings;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the topics hold of some splits, each in a window: the last revision of every row, as compact as the service's own index. */
final class HeldRows {
    private final DecodedTopics topics;
    private final Map<String, Wanted> wanted = new HashMap<>();

    private record Wanted(StreamSettings stream, Window window, EventDays days, SeenIndex index) {}

    HeldRows(DecodedTopics topics) {
        this.topics = topics;
    }

    /** Reads the topics once for all those streams. */
    void read(Map<StreamSettings, Window> windows) {
        wanted.clear();
        windows.forEach((stream, window) -> {
            boolean timeless = RecordType.of(stream.type().shape()) == RecordType.ENTITY;
            SeenIndex index = new SeenIndex(timeless ? EntityAdmission.DAY : Window.dayOf(window.from()));
            wanted.put(stream.split().name(), new Wanted(stream, window, days(window), index));
        });
        each((of, publication) -> Recall.row(publication)
                .ifPresent(row -> of.index().day(Window.dayOf(row.time())).put(row)));
    }

    private static EventDays days(Window window) {
        return new EventDays(Window.dayOf(window.from()), Window.dayOf(window.to()));
    }

    /** What is held of a split. */
    SeenIndex index(Split split) {
        return Optional.ofNullable(wanted.get(split.name())).orElseThrow().index();
    }

    /** The last records of some keys: the index has no texts. */
    Map<Digest, Publication> records(Collection<Digest> keys) {
        Set<Digest> asked = new HashSet<>(keys);
        Map<Digest, Publication> last = new HashMap<>();
        Map<Digest, Integer> revisions = new HashMap<>();
        if (!asked.isEmpty()) {
            each((of, publication) -> Recall.row(publication)
                    .filter(row -> asked.contains(row.key()))
                    .filter(row -> revisions.getOrDefault(row.key(), 0) <= row.revision())
                    .ifPresent(row -> {
                        revisions.put(row.key(), row.revision());
                        last.put(row.key(), publication);
                    }));
        }
        return last;
    }

    private void each(BiConsumer<Wanted, Publication> sink) {
        Set<RecordType> types = EnumSet.noneOf(RecordType.class);
        wanted.values().forEach(of -> types.add(RecordType.of(of.stream().type().shape())));
        for (RecordType type : types) {
            topics.read(type, record -> isWanted(type, record), (split, publication) -> {
                Wanted of = wanted.get(split.name());
                if (of != null && (type == RecordType.ENTITY || of.window().contains(publication.time()))) {
                    sink.accept(of, publication);
                }
            });
        }
    }

    /** By the headers alone, before anything is decoded. */
    private boolean isWanted(RecordType type, ConsumerRecord<byte[], byte[]> record) {
        return CloudEvents.split(record.headers())
                .flatMap(split -> Optional.ofNullable(wanted.get(split.name())))
                .filter(of -> type == RecordType.ENTITY || of.days().mayHold(record.headers()))
                .isPresent();
    }
}
