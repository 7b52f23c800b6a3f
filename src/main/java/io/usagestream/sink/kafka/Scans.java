package io.usagestream.sink.kafka;

import io.usagestream.envelope.RecordType;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * What a session has read of data topics so far without coming to their ends: the next try goes on there. Of each stream and topic
 * there is one at most. Only for the worker that reads.
 */
final class Scans {
    private final Map<Place, Scan> begun = new HashMap<>();

    private record Place(Split split, RecordType type) {}

    /**
     * The search for the last revisions of a window.
     *
     * @param next where it goes on; without an entry from the window's time on
     * @param last what was found, by key
     */
    record Scan(Window window, Map<TopicPartition, Long> next, Map<String, Publication> last) {
        private static Scan of(Window window) {
            return new Scan(window, new HashMap<>(), new HashMap<>());
        }
    }

    /** Takes the one that was begun for that window, or begins it. */
    Scan take(Split split, RecordType type, Window window) {
        Scan known = begun.remove(new Place(split, type));
        return known != null && known.window().equals(window) ? known : Scan.of(window);
    }

    /** Keeps one that did not come to the end. */
    void keep(Split split, RecordType type, Scan scan) {
        begun.put(new Place(split, type), scan);
    }
}
