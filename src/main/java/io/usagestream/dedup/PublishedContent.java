package io.usagestream.dedup;

import io.usagestream.stream.Digest;
import io.usagestream.stream.Entity;
import io.usagestream.stream.Event;
import io.usagestream.stream.Measure;
import java.math.BigDecimal;
import java.util.Map;
import java.util.SortedMap;

/** Digests of what may change under a key: equal digest, same content. Finality and the time of observation are not content. */
public final class PublishedContent {
    private static final char END = '\0';

    private PublishedContent() {}

    public static Digest of(SortedMap<String, Measure> measures, boolean retracted) {
        StringBuilder text = new StringBuilder(32 * measures.size() + 2);
        text.append(retracted ? 'r' : 'p');
        measures.forEach((name, measure) -> append(text.append(name).append(END), measure));
        return Digest.of(text.toString());
    }

    public static Digest of(Event event, boolean retracted) {
        StringBuilder text = new StringBuilder(48);
        text.append(retracted ? 'r' : 'e');
        event.cost().ifPresent(cost -> append(text.append('c'), cost));
        event.byokProvider()
                .flatMap(Event.ByokProvider::displayName)
                .ifPresent(name -> text.append('b').append(name));
        return Digest.of(text.toString());
    }

    public static Digest of(Entity entity) {
        StringBuilder text = new StringBuilder(64).append('n');
        entity.name().ifPresent(name -> text.append(name).append(END));
        for (Map.Entry<String, String> attribute : entity.attributes().entrySet()) {
            text.append(attribute.getKey())
                    .append(END)
                    .append(attribute.getValue())
                    .append(END);
        }
        return Digest.of(text.toString());
    }

    private static void append(StringBuilder text, Measure measure) {
        text.append(plain(measure.value())).append(END).append(measure.unit()).append(END);
        measure.exact().ifPresent(text::append);
        text.append(END);
    }

    private static String plain(BigDecimal value) {
        return Measure.plain(value).toPlainString();
    }
}
