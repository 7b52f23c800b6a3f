package io.usagestream.sink;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/** Which lane a source belongs to: where Kafka's own partitioner would put its name, so that other tools find it too. */
public final class LaneNumber {
    private LaneNumber() {}

    /** The lane of a split, by its name: {@code source/stream}. */
    public static int ofSplit(String name, int lanes) {
        int slash = name.indexOf('/');
        return of(slash < 0 ? name : name.substring(0, slash), lanes);
    }

    /** Kafka's murmur2 of the name's UTF-8 bytes, made positive, modulo the number of lanes. */
    public static int of(String source, int lanes) {
        return Utils.toPositive(Utils.murmur2(source.getBytes(StandardCharsets.UTF_8))) % lanes;
    }
}
