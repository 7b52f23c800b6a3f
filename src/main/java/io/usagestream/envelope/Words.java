package io.usagestream.envelope;

import io.usagestream.stream.ByName;
import io.usagestream.stream.Split;
import io.usagestream.stream.TextBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** What records say again and again, encoded once. Forgets all when there is too much of it: then it does not come again. */
final class Words {
    private static final int KEPT = 4096;

    /** Writes something in Avro's binary encoding. */
    interface Writing {
        void to(BinaryEncoder out) throws IOException;
    }

    private final TextBytes texts = new TextBytes(text -> encoded(to -> to.writeString(text)));
    private final Map<Split, byte[]> splits = new HashMap<>();
    private final Map<ByName<Optional<String>>, byte[]> dimensions = new HashMap<>();
    private final Buffer buffer = new Buffer();
    private final BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(buffer, null);

    /** A short text, such as a measure's name or unit. */
    byte[] text(String text) {
        return texts.of(text);
    }

    /** Provider, source and stream. */
    byte[] split(Split split) {
        byte[] known = splits.get(split);
        return known == null
                ? kept(splits, split, encoded(to -> {
                    to.writeString(split.provider());
                    to.writeString(split.source());
                    to.writeString(split.stream());
                }))
                : known;
    }

    /** A map of texts or nulls. */
    byte[] dimensions(ByName<Optional<String>> map) {
        byte[] known = dimensions.get(map);
        return known == null ? kept(dimensions, map, encoded(to -> write(map, to))) : known;
    }

    private static void write(ByName<Optional<String>> map, BinaryEncoder to) throws IOException {
        to.writeMapStart();
        to.setItemCount(map.size());
        for (int i = 0; i < map.size(); i++) {
            to.startItem();
            to.writeString(map.name(i));
            Optional<String> value = map.value(i);
            to.writeIndex(value.isPresent() ? 1 : 0);
            if (value.isPresent()) {
                to.writeString(value.get());
            }
        }
        to.writeMapEnd();
    }

    private static <K> byte[] kept(Map<K, byte[]> map, K key, byte[] encoded) {
        if (map.size() >= KEPT) {
            map.clear();
        }
        map.put(key, encoded);
        return encoded;
    }

    private byte[] encoded(Writing writing) {
        buffer.reset(new byte[0]);
        try {
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return buffer.bytes();
    }
}
