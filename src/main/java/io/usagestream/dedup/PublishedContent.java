package io.usagestream.dedup;

import io.usagestream.stream.ByName;
import io.usagestream.stream.Digest;
import io.usagestream.stream.DigestText;
import io.usagestream.stream.Entity;
import io.usagestream.stream.Event;
import io.usagestream.stream.Measure;
import java.util.SortedMap;

/** Digests of what may change under a key: equal digest, same content. Finality and the time of observation are not content. */
public final class PublishedContent {
    private static final char END = '\0';

    private PublishedContent() {}

    public static Digest of(SortedMap<String, Measure> measures, boolean retracted) {
        DigestText text = DigestText.begin().add(retracted ? 'r' : 'p');
        ByName<Measure> byName = ByName.of(measures);
        for (int i = 0; i < byName.size(); i++) {
            add(text.word(byName.name(i)).add(END), byName.value(i));
        }
        return text.digest();
    }

    public static Digest of(Event event, boolean retracted) {
        DigestText text = DigestText.begin().add(retracted ? 'r' : 'e');
        event.cost().ifPresent(cost -> add(text.add('c'), cost));
        event.byokProvider()
                .flatMap(Event.ByokProvider::displayName)
                .ifPresent(name -> text.add('b').add(name));
        return text.digest();
    }

    public static Digest of(Entity entity) {
        DigestText text = DigestText.begin().add('n');
        entity.name().ifPresent(name -> text.add(name).add(END));
        entity.attributes()
                .forEach((key, value) -> text.add(key).add(END).add(value).add(END));
        return text.digest();
    }

    private static void add(DigestText text, Measure measure) {
        text.add(measure.value()).add(END).word(measure.unit()).add(END);
        if (measure.exact().isPresent()) {
            text.add(measure.exact().get());
        }
        text.add(END);
    }
}
