package io.usagestream.ingest;

import io.usagestream.dedup.EntityAdmission;
import io.usagestream.dedup.EventName;
import io.usagestream.dedup.PublishedContent;
import io.usagestream.dedup.SeenRow;
import io.usagestream.stream.Digest;
import io.usagestream.stream.DigestText;
import io.usagestream.stream.Event;
import io.usagestream.stream.Identity;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.EntityChange;
import io.usagestream.stream.Publication.EventRevision;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Utf8;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a published revision leaves to remember: the index's row, made again from the record. An entity's record has no revision:
 * the later one holds, so when it was observed stands in for it.
 */
public final class Recall {
    /** No record of an entity is older; the seconds since then fit an index's revision until 2088. */
    private static final Instant FIRST = Instant.parse("2020-01-01T00:00:00Z");

    private Recall() {}

    /** The row of a published revision; empty for records that have none. */
    public static Optional<SeenRow> row(Publication publication) {
        if (publication instanceof PointRevision point) {
            return Optional.of(new SeenRow(
                    DigestText.begin().add(point.key()).digest(),
                    PublishedContent.of(point.measures(), point.retracted()),
                    point.revision(),
                    point.retracted(),
                    point.start(),
                    point.measures(),
                    point.key()));
        }
        if (publication instanceof EventRevision revision) {
            Event event = revision.event();
            String id = revision.id();
            int ordinal = Integer.parseInt(id.substring(id.lastIndexOf('/') + 1));
            EventName name = new EventName(Identity.text(event), ordinal);
            return Optional.of(new SeenRow(
                    name.key(),
                    PublishedContent.of(event, revision.retracted()),
                    revision.revision(),
                    revision.retracted(),
                    event.time(),
                    event.measures(),
                    name.text()));
        }
        if (publication instanceof EntityChange change) {
            return Optional.of(new SeenRow(
                    Digest.of(change.id()),
                    PublishedContent.of(change.entity()),
                    order(change.observedAt()),
                    false,
                    Window.startOf(EntityAdmission.DAY),
                    Measures.empty(),
                    Utf8.EMPTY));
        }
        return Optional.empty();
    }

    private static int order(Instant observed) {
        return (int) Math.max(
                1, Math.min(Integer.MAX_VALUE, Duration.between(FIRST, observed).toSeconds()));
    }
}
