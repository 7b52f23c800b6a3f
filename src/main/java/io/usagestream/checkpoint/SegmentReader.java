package io.usagestream.checkpoint;

import io.usagestream.dedup.DayIndex;
import io.usagestream.dedup.MeasureNames;
import io.usagestream.dedup.PackedBytes;
import io.usagestream.dedup.RowValues;
import io.usagestream.dedup.SeenMark;
import io.usagestream.dedup.SeenRow;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Utf8;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Consumer;

/** Unpacks a segment's content (see {@link SegmentWriter} for the format). */
public final class SegmentReader {
    private final long origin;
    private final PackedBytes.Cursor in;
    private final byte[] content;
    private final MeasureNames names = new MeasureNames();

    public SegmentReader(Segment segment) {
        origin = segment.name().day().toEpochDay() * 86_400L;
        content = segment.content();
        in = new PackedBytes.Cursor(content, 0);
        for (long n = in.readVarint(); n > 0; n--) {
            String measure = text();
            names.number(new MeasureNames.Name(measure, text()));
        }
    }

    /** Gives every row and mark in the order in which they were written. */
    public void forEach(Consumer<SeenRow> rows, Consumer<SeenMark> marks) {
        while (!in.atEnd()) {
            if (in.readByte() == SegmentWriter.MARK) {
                marks.accept(mark());
                continue;
            }
            Digest key = digest();
            Digest digest = digest();
            long revision = in.readVarint();
            Instant time = time();
            Measures values = RowValues.read(in, names);
            Utf8 text = Utf8.of(in.readBytes((int) in.readVarint()));
            boolean retracted = (revision & 1) != 0;
            rows.accept(new SeenRow(key, digest, (int) (revision >>> 1), retracted, time, values, text));
        }
    }

    /** Brings every row and mark into an index without unpacking what the index does not keep. */
    public void into(DayIndex index) {
        PackedBytes packed = new PackedBytes(128);
        while (!in.atEnd()) {
            if (in.readByte() == SegmentWriter.MARK) {
                index.mark(mark());
                continue;
            }
            Digest key = digest();
            Digest digest = digest();
            long revision = in.readVarint();
            Instant time = time();
            packed.clear();
            repack(index, packed);
            in.skip((int) in.readVarint());
            index.put(key, digest, (int) (revision >>> 1), (revision & 1) != 0, time, packed);
        }
    }

    /** Copies a row's values, the segment's numbers of names replaced by the index's. */
    private void repack(DayIndex index, PackedBytes packed) {
        long count = in.readVarint();
        packed.putVarint(count);
        for (long n = count; n > 0; n--) {
            packed.putVarint(index.names().number(names.name((int) in.readVarint())));
            packed.putDecimal(in.readDecimal());
        }
    }

    private SeenMark mark() {
        Digest digest = digest();
        Instant time = time();
        return new SeenMark(digest, time, in.readByte() == 1);
    }

    private Digest digest() {
        long high = in.readLong();
        return new Digest(high, in.readLong());
    }

    private Instant time() {
        return Instant.ofEpochSecond(origin + in.readVarint());
    }

    private String text() {
        int length = (int) in.readVarint();
        int at = in.at();
        in.skip(length);
        return new String(content, at, length, StandardCharsets.UTF_8);
    }
}
