package io.usagestream.dedup;

import io.usagestream.stream.Digest;
import io.usagestream.stream.Entity;
import io.usagestream.stream.Ids;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Publication.EntityChange;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Utf8;
import io.usagestream.stream.Window;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/** Admits entities: what is new or changed is published. They have no time, so they share one day of the index, and none is ever gone. */
public final class EntityAdmission {
    /** The day of the index that all entities share. */
    public static final LocalDate DAY = LocalDate.EPOCH;

    private EntityAdmission() {}

    public static Admitted admit(
            List<Entity> entities, List<Quarantined> quarantined, SeenIndex index, Standing standing) {
        Admitted admitted = new Admitted();
        DayIndex day = index.day(DAY);
        for (Entity entity : entities) {
            String id = Ids.entity(standing.split(), entity);
            Digest key = Digest.of(id);
            Digest content = PublishedContent.of(entity);
            int row = day.find(key);
            if (row >= 0 && day.hasContent(row, content)) {
                admitted.unchangedRow();
                continue;
            }
            int revision = day.revision(key) + 1;
            SeenRow seen = new SeenRow(key, content, revision, false, Instant.EPOCH, Measures.empty(), Utf8.EMPTY);
            admitted.publish(new EntityChange(standing.split(), id, entity, standing.observedAt()));
            if (row < 0) {
                admitted.freshRow(seen, false);
            } else {
                admitted.revisedRow(seen, false);
            }
        }
        quarantined.forEach(row -> admitted.quarantine(row, Window.of(DAY), index, standing));
        return admitted;
    }
}
