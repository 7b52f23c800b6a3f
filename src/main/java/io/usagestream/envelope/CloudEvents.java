package io.usagestream.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.usagestream.stream.IsoTime;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/** The headers of CloudEvents 1.0 in Kafka's binary mode. */
public final class CloudEvents {
    /** Headers of a record. */
    static final int HEADERS = 6;

    static final String TIME = "ce_time";

    private static final String ID = "ce_id";
    private static final String SOURCE = "ce_source";
    private static final Header VERSION = header("ce_specversion", "1.0");
    private static final Header CONTENT = header("content-type", "application/avro");
    private static final Map<RecordType, Header> TYPES = types();
    private static final byte[] FIRST = suffix(1);

    private final Map<Split, Header> sources = new HashMap<>();
    private Instant lastTime = Instant.EPOCH;
    private Header lastTimeHeader = header(TIME, IsoTime.of(lastTime));

    private final IntFunction<byte[]> ids;
    private final Supplier<Header[]> all;

    /**
     * @param ids gives arrays for ids, by their length
     * @param all gives room for all headers of a record
     */
    CloudEvents(IntFunction<byte[]> ids, Supplier<Header[]> all) {
        this.ids = ids;
        this.all = all;
    }

    /** The split that a record's headers name, if they do. */
    public static Optional<Split> split(Headers headers) {
        return source(headers)
                .map(text -> text.split("/", 4))
                .filter(parts -> parts.length == 4 && parts[0].isEmpty())
                .map(parts -> new Split(parts[1], parts[2], parts[3]));
    }

    /** The header that names a record's split, as it is written: to look at it again costs less than to take it apart. */
    public static Optional<String> source(Headers headers) {
        return text(headers, SOURCE);
    }

    /** A record's event time in ISO 8601, UTC: times are in the order of their letters. */
    public static Optional<String> time(Headers headers) {
        return text(headers, TIME);
    }

    private static Optional<String> text(Headers headers, String name) {
        return Optional.ofNullable(headers.lastHeader(name)).map(header -> new String(header.value(), UTF_8));
    }

    /** The revision that the id of a point, an event or a period ends with; 1 where it ends with none. */
    public static int revision(Headers headers) {
        Header id = headers.lastHeader(ID);
        int revision = 0;
        if (id != null) {
            byte[] text = id.value();
            int unit = 1;
            for (int i = text.length - 1; i >= 0 && text[i] >= '0' && text[i] <= '9'; i--) {
                revision += unit * (text[i] - '0');
                unit *= 10;
            }
        }
        return Math.max(1, revision);
    }

    List<Header> of(RecordType type, byte[] key, Publication publication) {
        Header[] headers = all.get();
        headers[0] = VERSION;
        headers[1] = new RecordHeader(ID, id(key, version(publication)));
        headers[2] = sources.computeIfAbsent(publication.split(), CloudEvents::source);
        headers[3] = TYPES.getOrDefault(type, VERSION);
        headers[4] = time(publication.time());
        headers[5] = CONTENT;
        return Arrays.asList(headers);
    }

    private byte[] id(byte[] key, long version) {
        byte[] suffix = version == 1 ? FIRST : suffix(version);
        byte[] id = ids.apply(key.length + suffix.length);
        System.arraycopy(key, 0, id, 0, key.length);
        System.arraycopy(suffix, 0, id, key.length, suffix.length);
        return id;
    }

    private static byte[] suffix(long version) {
        return ("#" + version).getBytes(UTF_8);
    }

    /** The revision; of a record without one, when it was so. */
    private static long version(Publication publication) {
        if (publication instanceof Publication.PointRevision point) {
            return point.revision();
        } else if (publication instanceof Publication.EventRevision event) {
            return event.revision();
        } else if (publication instanceof Publication.Period period) {
            return period.revision();
        }
        return publication.observedAt().toEpochMilli();
    }

    /** Rows of one bucket come together: most times equal the last one. To the millisecond, as the record's own field has it. */
    private Header time(Instant time) {
        if (!time.equals(lastTime)) {
            lastTime = time;
            lastTimeHeader = header(TIME, IsoTime.of(time.truncatedTo(ChronoUnit.MILLIS)));
        }
        return lastTimeHeader;
    }

    private static Header source(Split split) {
        return header(SOURCE, "/" + split.provider() + "/" + split.name());
    }

    private static Map<RecordType, Header> types() {
        Map<RecordType, Header> types = new EnumMap<>(RecordType.class);
        for (RecordType type : RecordType.values()) {
            types.put(type, header("ce_type", type.eventType()));
        }
        return types;
    }

    private static Header header(String key, String value) {
        return new RecordHeader(key, value.getBytes(UTF_8));
    }
}
