package io.usagestream.dedup;

import io.usagestream.stream.Digest;
import io.usagestream.stream.DigestText;
import io.usagestream.stream.Entity;
import io.usagestream.stream.Event;
import io.usagestream.stream.Measures;
import java.util.Optional;

/** Digests of what may change under a key: equal digest, same content. Finality and the time of observation are not content. */
public final class PublishedContent {
    private static final char END = '\0';

    private PublishedContent() {}

    public static Digest of(Measures measures, boolean retracted) {
        DigestText text = DigestText.begin().add(retracted ? 'r' : 'p');
        for (int n = 0; n < measures.size(); n++) {
            text.word(measures.name(n)).add(END).number(measures, n).add(END);
            add(text, measures.unit(n), measures.exact(n));
        }
        return text.digest();
    }

    public static Digest of(Event event, boolean retracted) {
        DigestText text = DigestText.begin().add(retracted ? 'r' : 'e');
        event.cost().ifPresent(cost -> add(text.add('c').add(cost.value()).add(END), cost.unit(), cost.exact()));
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

    private static void add(DigestText text, String unit, Optional<String> exact) {
        text.word(unit).add(END);
        if (exact.isPresent()) {
            text.add(exact.get());
        }
        text.add(END);
    }
}
