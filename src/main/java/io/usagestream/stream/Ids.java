package io.usagestream.stream;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/** The readable keys of records. They never contain a measured value, so that a revision keeps its key. */
public final class Ids {
    /** The greatest length of an id, in UTF-8 bytes; a longer one is quarantined ({@link Reason#ID_TOO_LONG}). */
    public static final int MAX_BYTES = 4096;

    private static final boolean[] UNRESERVED = unreserved();
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private Ids() {}

    /** {@code <provider>/<source>/<stream>/<granularity>/<bucket_start>?<dimension>=<value>&…}. */
    public static String point(Split split, Point point) {
        return bucket(split, point.grain(), point.start()) + dimensions(point.dimensions());
    }

    /** What the ids of all points of a bucket begin with. */
    public static String bucket(Split split, Grain grain, Instant start) {
        return split.provider() + "/" + split.name() + "/" + grain + "/" + IsoTime.of(start);
    }

    /** What a point's id ends with: what follows its {@link #bucket}. */
    public static String dimensions(SortedMap<String, Optional<String>> dimensions) {
        StringBuilder id = new StringBuilder(256);
        char separator = '?';
        for (var dimension : dimensions.entrySet()) {
            id.append(separator);
            encode(dimension.getKey(), id);
            dimension.getValue().ifPresent(value -> encode(value, id.append('=')));
            separator = '&';
        }
        return id.toString();
    }

    /** {@code <provider>/<source>/activity/<digest of the identity>/<ordinal from 1>}. */
    public static String event(Split split, Digest identity, int ordinal) {
        return split.provider() + "/" + split.name() + "/" + identity.hex() + "/" + ordinal;
    }

    /** {@code <provider>/<source>/entities/<kind>/<entity id>}. */
    public static String entity(Split split, Entity entity) {
        StringBuilder id = new StringBuilder(split.provider() + "/" + split.name() + "/");
        encode(entity.kind(), id);
        encode(entity.id(), id.append('/'));
        return id.toString();
    }

    /** {@code <split>/<digest of the row>}. */
    public static String quarantined(Split split, Digest row) {
        return split.name() + "/" + row.hex();
    }

    /** What a point's id says: what a retraction repeats. */
    public record PointName(Instant start, Grain grain, ByName<Optional<String>> dimensions) {}

    /**
     * What a point's id says.
     *
     * @throws IllegalArgumentException when it is not the id of a point
     */
    public static PointName parsePoint(String id) {
        int query = id.indexOf('?');
        String[] path = (query < 0 ? id : id.substring(0, query)).split("/", -1);
        if (path.length != 5) {
            throw new IllegalArgumentException("not the id of a point: " + id);
        }
        ByName.Builder<Optional<String>> dimensions = new ByName.Builder<>();
        if (query >= 0) {
            for (String pair : id.substring(query + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                dimensions.put(
                        decode(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? Optional.empty() : Optional.of(decode(pair.substring(equals + 1))));
            }
        }
        Grain grain = Grain.of(path[3]).orElseThrow(() -> new IllegalArgumentException("no such granularity: " + id));
        return new PointName(Instant.parse(path[4]), grain, dimensions.build());
    }

    /** Percent-encodes all but the unreserved characters of RFC 3986, as UTF-8. */
    private static void encode(String text, StringBuilder out) {
        if (isUnreserved(text)) {
            out.append(text);
            return;
        }
        for (byte b : Digest.utf8(text)) {
            if (isUnreserved((char) (b & 0xff))) {
                out.append((char) b);
            } else {
                out.append('%').append(HEX[(b >> 4) & 15]).append(HEX[b & 15]);
            }
        }
    }

    /** Nearly every text is; then it is its own encoding. */
    private static boolean isUnreserved(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isUnreserved(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUnreserved(char c) {
        return c < UNRESERVED.length && UNRESERVED[c];
    }

    private static boolean[] unreserved() {
        boolean[] unreserved = new boolean[128];
        for (char c = 0; c < unreserved.length; c++) {
            unreserved[c] =
                    c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "-._~".indexOf(c) >= 0;
        }
        return unreserved;
    }

    private static String decode(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes.put((byte) Integer.parseInt(text, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.put((byte) c);
            }
        }
        return java.nio.charset.StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }
}
