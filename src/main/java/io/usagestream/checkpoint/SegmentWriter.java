package io.usagestream.checkpoint;

import io.usagestream.dedup.MeasureNames;
import io.usagestream.dedup.PackedBytes;
import io.usagestream.dedup.RowValues;
import io.usagestream.dedup.SeenMark;
import io.usagestream.dedup.SeenRow;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Utf8;
import java.util.Arrays;

/**
 * Packs rows into a segment's content.
 *
 * <p>Format 1: the number of measure names, each as name and unit (length and UTF-8); then to the end rows and marks. A row is
 * the byte 0, key and content digest (16 bytes each), revision &lt;&lt; 1 | retracted, seconds since the day's begin, packed
 * values, length and UTF-8 of the text that a retraction repeats. A mark is the byte 1, digest, seconds, 1 when live.
 */
public final class SegmentWriter {
    /** The version of the format. */
    public static final int FORMAT = 1;

    /**
     * Bytes after which a segment is full and the next one begins: a quarter of what brokers and clients take as one record by
     * default, and far more than nearly every row.
     */
    public static final int FULL = 256 * 1024;

    static final int ROW = 0;
    static final int MARK = 1;

    private final SegmentName name;
    private final long origin;
    private final MeasureNames names = new MeasureNames();
    private final PackedBytes body;
    private int rows;

    public SegmentWriter(SegmentName name) {
        this(name, PackedBytes.passing(8192));
    }

    /** @param body memory to write in, until the {@link #segment} is made; what is in it is lost */
    SegmentWriter(SegmentName name, PackedBytes body) {
        this.name = name;
        this.origin = name.day().toEpochDay() * 86_400L;
        this.body = body;
        body.clear();
    }

    /** Adds a row. */
    public void add(SeenRow row) {
        rows++;
        body.putByte(ROW);
        digest(row.key());
        digest(row.content());
        body.putVarint((long) row.revision() << 1 | (row.retracted() ? 1 : 0));
        body.putVarint(row.time().getEpochSecond() - origin);
        RowValues.write(row.values(), names, body);
        body.putText(row.text());
    }

    /** Adds a mark. */
    public void add(SeenMark mark) {
        rows++;
        body.putByte(MARK);
        digest(mark.digest());
        body.putVarint(mark.time().getEpochSecond() - origin);
        body.putByte(mark.live() ? 1 : 0);
    }

    /**
     * Whether a row or mark may be added. A row whose text alone fills a segment has one of its own: that it fits into a record is
     * known.
     *
     * @param text bytes of the row's text
     */
    public boolean takes(int text) {
        return isEmpty() || body.end() + text < FULL;
    }

    public boolean isEmpty() {
        return rows == 0;
    }

    /** The segment. */
    public Segment segment() {
        PackedBytes head = PackedBytes.passing(256);
        head.putVarint(names.all().size());
        for (MeasureNames.Name measure : names.all()) {
            head.putText(Utf8.of(measure.measure()));
            head.putText(Utf8.of(measure.unit()));
        }
        byte[] content = Arrays.copyOf(head.array(), head.end() + body.end());
        System.arraycopy(body.array(), 0, content, head.end(), body.end());
        return new Segment(name, rows, content);
    }

    private void digest(Digest digest) {
        body.putLong(digest.high());
        body.putLong(digest.low());
    }
}
