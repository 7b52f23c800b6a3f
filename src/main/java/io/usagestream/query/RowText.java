package io.usagestream.query;

import io.usagestream.stream.Entity;
import io.usagestream.stream.Event;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.EntityChange;
import io.usagestream.stream.Publication.EventRevision;
import io.usagestream.stream.Publication.PointRevision;
import java.util.SortedMap;
import java.util.TreeMap;

/** What of a record may change under its key, by field, as a person reads it. */
final class RowText {
    private RowText() {}

    static SortedMap<String, String> of(Publication publication) {
        SortedMap<String, String> fields = new TreeMap<>();
        if (publication instanceof PointRevision point) {
            point.measures().forEach((name, measure) -> fields.put(name, text(measure)));
        } else if (publication instanceof EventRevision revision) {
            Event event = revision.event();
            event.cost().ifPresent(cost -> fields.put(Event.COST, text(cost)));
            event.byokProvider()
                    .flatMap(Event.ByokProvider::displayName)
                    .ifPresent(name -> fields.put("byok_provider.display_name", name));
        } else if (publication instanceof EntityChange change) {
            Entity entity = change.entity();
            entity.name().ifPresent(name -> fields.put("name", name));
            fields.putAll(entity.attributes());
        }
        return fields;
    }

    private static String text(Measure measure) {
        return measure.exact().orElseGet(() -> Measure.plain(measure.value()).toPlainString()) + " " + measure.unit();
    }
}
