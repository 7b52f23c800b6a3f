package io.usagestream.envelope;

import static io.usagestream.envelope.SingleObject.array;
import static io.usagestream.envelope.SingleObject.bytes;
import static io.usagestream.envelope.SingleObject.decoder;
import static io.usagestream.envelope.SingleObject.read;
import static io.usagestream.envelope.SingleObject.split;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.usagestream.avro.LaneState;
import io.usagestream.avro.Progress;
import io.usagestream.checkpoint.Seal;
import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;

/**
 * The private records of the checkpoints topic, always in single-object encoding: they must be readable while a registry is
 * down.
 */
public final class StateFormat {
    /** Version of what the checkpoints topic holds. */
    public static final int VERSION = 1;

    /** Key of the record that says what a lane must agree on. */
    public static final String LANE_KEY = "lane";

    private static final String SEAL = "seal";

    /** What a segment's record takes besides its content, most times. */
    private static final int SEGMENT_ROOM = 256;

    private static final byte[] SEGMENT_PREFIX = SingleObject.prefix(io.usagestream.avro.Segment.getClassSchema());

    private static final BinaryMessageDecoder<LaneState> LANE_STATE =
            decoder(LaneState.getDecoder(), SchemaHistory.older(LaneState.getClassSchema()));
    private static final BinaryMessageDecoder<io.usagestream.avro.SplitCheckpoint> CHECKPOINT = decoder(
            io.usagestream.avro.SplitCheckpoint.getDecoder(),
            SchemaHistory.older(io.usagestream.avro.SplitCheckpoint.getClassSchema()));
    private static final BinaryMessageDecoder<Progress> PROGRESS =
            decoder(Progress.getDecoder(), SchemaHistory.older(Progress.getClassSchema()));
    private static final BinaryMessageDecoder<io.usagestream.avro.Segment> SEGMENT = decoder(
            io.usagestream.avro.Segment.getDecoder(),
            SchemaHistory.older(io.usagestream.avro.Segment.getClassSchema()));
    private static final BinaryMessageDecoder<io.usagestream.avro.Seal> SEAL_RECORD = decoder(
            io.usagestream.avro.Seal.getDecoder(), SchemaHistory.older(io.usagestream.avro.Seal.getClassSchema()));

    private StateFormat() {}

    /** What a lane must agree on with the settings. */
    public record Lane(int format, int lanes, String clusterId, Map<String, Integer> schemaIds) {}

    /** What a key of the checkpoints topic names. */
    public enum Kind {
        LANE,
        CHECKPOINT,
        SEGMENT,
        SEAL
    }

    /** What kind of record has that key. */
    public static Kind kind(String key) {
        if (key.equals(LANE_KEY)) {
            return Kind.LANE;
        }
        int bar = key.lastIndexOf('|');
        if (bar < 0) {
            return Kind.CHECKPOINT;
        }
        return key.substring(bar + 1).equals(SEAL) ? Kind.SEAL : Kind.SEGMENT;
    }

    public static byte[] key(SegmentName name) {
        return name.toString().getBytes(UTF_8);
    }

    public static byte[] key(Seal seal) {
        return sealKey(seal.split(), seal.day());
    }

    /** The name of the split that a key of a segment or seal names. */
    public static String splitName(String key) {
        return key.substring(0, key.indexOf('|'));
    }

    public static byte[] key(SplitCheckpoint checkpoint) {
        return checkpoint.split().name().getBytes(UTF_8);
    }

    public static byte[] encode(Lane lane) {
        return bytes(() -> LaneState.newBuilder()
                .setFormat(lane.format())
                .setLanes(lane.lanes())
                .setClusterId(lane.clusterId())
                .setSchemaIds(lane.schemaIds())
                .build()
                .toByteBuffer());
    }

    public static Lane lane(byte[] value) {
        LaneState lane = read(LANE_STATE, value);
        return new Lane(lane.getFormat(), lane.getLanes(), lane.getClusterId(), Map.copyOf(lane.getSchemaIds()));
    }

    public static byte[] encode(SplitCheckpoint checkpoint) {
        return bytes(() -> io.usagestream.avro.SplitCheckpoint.newBuilder()
                .setFormat(VERSION)
                .setSplit(checkpoint.split().name())
                .setProvider(checkpoint.split().provider())
                .setFingerprint(checkpoint.fingerprint())
                .setStart(checkpoint.start())
                .setFrontier(checkpoint.frontier())
                .setWatermark(checkpoint.watermark())
                .setFloor(checkpoint.floor())
                .setClosedUntil(checkpoint.closedUntil())
                .setSweptAt(checkpoint.sweptAt().orElse(null))
                .setGranularity(checkpoint.granularity().map(Grain::toString).orElse(null))
                .setPageSize(checkpoint.pageSize())
                .setChangeAges(checkpoint.changeAges())
                .setProgress(
                        checkpoint.progress().map(StateFormat::progressBytes).orElse(null))
                .setRequests(checkpoint.requests())
                .build()
                .toByteBuffer());
    }

    public static SplitCheckpoint checkpoint(byte[] value) {
        io.usagestream.avro.SplitCheckpoint record = read(CHECKPOINT, value);
        requireKnown(record.getFormat(), record.getSplit());
        Split split = split(record.getProvider(), record.getSplit());
        return new SplitCheckpoint(
                split,
                new TreeMap<>(record.getFingerprint()),
                record.getStart(),
                record.getFrontier(),
                record.getWatermark(),
                record.getFloor(),
                record.getClosedUntil(),
                Optional.ofNullable(record.getSweptAt()),
                Optional.ofNullable(record.getGranularity()).flatMap(Grain::of),
                record.getPageSize(),
                List.copyOf(record.getChangeAges()),
                Optional.ofNullable(record.getProgress())
                        .map(progress -> Publications.of(split, read(PROGRESS, array(progress)))),
                new TreeMap<>(record.getRequests()));
    }

    public static byte[] encode(Segment segment) {
        Buffer record = new Buffer(SEGMENT_ROOM);
        record.reset(SEGMENT_PREFIX);
        Encoder out = EncoderFactory.get().directBinaryEncoder(record, null);
        try {
            // the fields in the schema's order: by way of the generated class the content would be copied three times
            out.writeInt(VERSION);
            out.writeString(segment.name().split().provider());
            out.writeString(segment.name().split().name());
            out.writeInt((int) segment.name().day().toEpochDay());
            out.writeLong(segment.name().number());
            out.writeInt(segment.rows());
            out.writeLong(segment.content().length);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return record.bytes(segment.content());
    }

    public static Segment segment(byte[] value) {
        io.usagestream.avro.Segment record = read(SEGMENT, value);
        requireKnown(record.getFormat(), record.getSplit());
        return new Segment(
                new SegmentName(split(record.getProvider(), record.getSplit()), record.getDay(), record.getNumber()),
                record.getRows(),
                array(record.getContent()));
    }

    public static byte[] encode(Seal seal) {
        Map<String, ByteBuffer> sums = new TreeMap<>();
        seal.sums().forEach((name, sum) -> sums.put(name, Decimals.bytes(sum)));
        return bytes(() -> io.usagestream.avro.Seal.newBuilder()
                .setSplit(seal.split().name())
                .setProvider(seal.split().provider())
                .setDay(seal.day())
                .setRevision(seal.revision())
                .setSums(sums)
                .setDigest(seal.digest().hex())
                .build()
                .toByteBuffer());
    }

    public static Seal seal(byte[] value) {
        io.usagestream.avro.Seal record = read(SEAL_RECORD, value);
        SortedMap<String, BigDecimal> sums = new TreeMap<>();
        record.getSums().forEach((name, sum) -> sums.put(name, Measure.plain(Decimals.read(sum))));
        return new Seal(
                split(record.getProvider(), record.getSplit()),
                record.getDay(),
                record.getRevision(),
                sums,
                Digest.ofHex(record.getDigest()));
    }

    /** The name of the segment that those bytes are, without looking at its rows. */
    public static SegmentName segmentName(String key, byte[] value) {
        return startOf(value)
                .map(split -> new SegmentName(split, day(key), number(key)))
                .orElseGet(() -> segment(value).name());
    }

    /** The split that a segment of this version begins with; an older one is read whole. */
    private static Optional<Split> startOf(byte[] value) {
        if (!Arrays.equals(value, 0, SEGMENT_PREFIX.length, SEGMENT_PREFIX, 0, SEGMENT_PREFIX.length)) {
            return Optional.empty();
        }
        BinaryDecoder in = DecoderFactory.get()
                .binaryDecoder(value, SEGMENT_PREFIX.length, value.length - SEGMENT_PREFIX.length, null);
        try {
            int format = in.readInt();
            String provider = in.readString();
            String name = in.readString();
            requireKnown(format, name);
            return Optional.of(split(provider, name));
        } catch (IOException e) {
            throw new UnreadableException("a segment that is not readable here", e);
        }
    }

    /** The day that a key of a segment or seal names. */
    public static LocalDate day(String key) {
        int end = key.lastIndexOf('|');
        return LocalDate.parse(key.substring(key.lastIndexOf('|', end - 1) + 1, end));
    }

    /** The number that a key of a segment names. */
    public static long number(String key) {
        return Long.parseLong(key.substring(key.lastIndexOf('|') + 1));
    }

    private static ByteBuffer progressBytes(Publication.Progress progress) {
        return ByteBuffer.wrap(
                new Envelope(new WireFormat.SingleObject()).encode(progress).value());
    }

    private static void requireKnown(int format, String split) {
        if (format != VERSION) {
            throw new UnreadableException(
                    "state of " + split + " in format " + format + ": this version knows " + VERSION, null);
        }
    }

    /** The key of the seal of a day. */
    public static byte[] sealKey(Split split, LocalDate day) {
        return (split.name() + "|" + day + "|" + SEAL).getBytes(UTF_8);
    }
}
