package io.usagestream.sink.kafka;

import io.usagestream.stream.Event;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import java.util.Optional;

/** Upper bounds of records' sizes, found without writing them: nearly all records are far below any limit. */
final class Sizes {
    /** What a record needs at most besides texts: its numbers and times, the wire format, the headers' constant parts. */
    private static final int FIXED = 1024;

    /** UTF-8 bytes of one char at most. */
    private static final int CHAR = 3;

    /** Bytes of a decimal's 38 digits and its length. */
    private static final int NUMBER = 17;

    /** Bytes of a length or a union's branch at most. */
    private static final int LENGTH = 5;

    private Sizes() {}

    static int atMost(Publication publication) {
        Split split = publication.split();
        int texts = 6 * (text(split.source()) + text(split.stream())) + 2 * text(split.provider());
        if (publication instanceof Publication.PointRevision point) {
            // the id says the dimensions, percent-encoded: it has no fewer bytes than they have
            texts += 4 * (LENGTH + point.key().length())
                    + 2 * LENGTH * point.dimensions().size();
            Measures measures = point.measures();
            for (int n = 0; n < measures.size(); n++) {
                texts += text(measures.name(n)) + 2 * NUMBER + text(measures.unit(n)) + text(measures.exact(n));
            }
        } else if (publication instanceof Publication.EventRevision revision) {
            texts += 3 * text(revision.id()) + event(revision.event());
        } else if (publication instanceof Publication.EntityChange change) {
            texts += 3 * text(change.id())
                    + text(change.entity().kind())
                    + text(change.entity().id());
            texts += text(change.entity().name());
            for (var attribute : change.entity().attributes().entrySet()) {
                texts += text(attribute.getKey()) + text(attribute.getValue());
            }
        } else if (publication instanceof Publication.QuarantinedRow row) {
            texts += 3 * text(row.id())
                    + text(row.row().detail())
                    + text(row.row().pointer());
            texts += text(row.row().fragment());
        } else if (publication instanceof Publication.Period period) {
            for (String sum : period.sums().keySet()) {
                texts += 2 * (text(sum) + NUMBER);
            }
            for (String delta : period.deltas().keySet()) {
                texts += 2 * (text(delta) + NUMBER);
            }
        }
        return FIXED + texts;
    }

    private static int event(Event event) {
        return text(event.action())
                + text(event.projectId())
                + text(event.userId())
                + text(event.assetId())
                + text(event.collectionId())
                + text(event.jobId())
                + text(event.modelId())
                + text(event.byokProvider().flatMap(Event.ByokProvider::id))
                + text(event.byokProvider().flatMap(Event.ByokProvider::displayName));
    }

    private static int text(Optional<String> text) {
        return text.isPresent() ? text(text.get()) : LENGTH;
    }

    private static int text(String text) {
        return LENGTH + CHAR * text.length();
    }
}
