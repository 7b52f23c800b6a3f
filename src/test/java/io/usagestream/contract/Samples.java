package io.usagestream.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.usagestream.checkpoint.Seal;
import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.sink.Batch;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Event;
import io.usagestream.stream.Finality;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Ids;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Point;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.SplitState;
import io.usagestream.stream.Utf8;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Values to commit. */
public final class Samples {
    public static final LocalDate DAY = LocalDate.of(2026, 11, 19);
    public static final Instant START = Instant.parse("2026-11-19T10:00:00Z");
    public static final Instant NOW = Instant.parse("2026-11-19T12:34:56.789Z");

    private Samples() {}

    public static Split split(String source, String stream) {
        return new Split("openai", source, stream);
    }

    /** The n-th revision of a model's point, which has n tokens. */
    public static Publication.PointRevision point(Split split, String model, int revision) {
        ByName.Builder<Optional<String>> dimensions = new ByName.Builder<>();
        dimensions.put("model", Optional.of(model));
        dimensions.put("project_id", Optional.empty());
        Measure now = Measure.of(revision, "tokens");
        Measure money = Measure.of(new BigDecimal("-0.0000000000000000000125"), "usd");
        Measures measures = Measures.of(new TreeMap<>(Map.of("input_tokens", now, "amount", money)));
        Point point = new Point(START, Grain.HOUR, dimensions.build(), measures);
        return new Publication.PointRevision(
                split,
                Utf8.of(Ids.point(split, point)),
                revision,
                START,
                Grain.HOUR,
                point.dimensions(),
                measures,
                ByName.of(new TreeMap<>(Map.of(
                        "input_tokens",
                        BigDecimal.ONE,
                        "amount",
                        new BigDecimal("12345678901234567890.123456789012345678")))),
                Finality.PROVISIONAL,
                false,
                false,
                NOW);
    }

    public static Publication.EventRevision event(Split split, int ordinal, Optional<Measure> cost) {
        Event event = new Event(
                "asset",
                Instant.parse("2026-11-19T09:08:07.123Z"),
                "p1",
                "u1",
                Optional.of("a1"),
                Optional.empty(),
                Optional.of("j1"),
                Optional.empty(),
                Optional.of(true),
                Optional.of(new Event.ByokProvider(Optional.of("b"), Optional.empty())),
                cost);
        return new Publication.EventRevision(split, Ids.event(split, new Digest(1, 2), ordinal), 1, event, false, NOW);
    }

    public static Publication.Progress progress(Split split) {
        return new Publication.Progress(
                split,
                SplitState.DEGRADED,
                Optional.of(Reason.RATE_LIMITED),
                START,
                START.minusSeconds(3600),
                Optional.of(NOW),
                Optional.empty(),
                Duration.ofHours(48),
                Optional.of(Duration.ofMinutes(90)),
                NOW);
    }

    public static Publication.Period period(Split split) {
        return new Publication.Period(
                split,
                DAY,
                2,
                3,
                new TreeMap<>(Map.of("input_tokens/tokens", new BigDecimal("12"))),
                new TreeMap<>(Map.of("input_tokens/tokens", new BigDecimal("-0.5"))),
                1,
                new Digest(-3, 4),
                NOW);
    }

    public static Publication.QuarantinedRow quarantined(Split split) {
        Digest digest = Digest.of("row");
        return new Publication.QuarantinedRow(
                split,
                Ids.quarantined(split, digest),
                new Quarantined(Reason.BAD_NUMBER, "no number", "/data/0", Optional.of("{}"), digest, Optional.empty()),
                new Window(START, NOW),
                NOW);
    }

    public static SplitCheckpoint checkpoint(Split split, long step) {
        return new SplitCheckpoint(
                split,
                new TreeMap<>(Map.of("path", "/x")),
                START,
                START.plusSeconds(step),
                START,
                START,
                DAY,
                Optional.of(NOW),
                Optional.of(Grain.DAY),
                7,
                List.of(0L, 2L, 5L),
                Optional.of(progress(split)),
                new TreeMap<>(Map.of("request", START)));
    }

    public static Segment segment(Split split, LocalDate day, long number) {
        byte[] content = (split + " " + day + " " + number).getBytes(UTF_8);
        return new Segment(new SegmentName(split, day, number), 3, content);
    }

    public static Seal seal(Split split, LocalDate day) {
        return new Seal(split, day, 2, new TreeMap<>(Map.of("amount/usd", new BigDecimal("1.25"))), new Digest(5, 6));
    }

    /** A batch of one segment and a point for each of the models. */
    public static Batch batch(Split split, long step, String... models) {
        List<Publication> points = java.util.Arrays.stream(models)
                .<Publication>map(model -> point(split, model, (int) step))
                .toList();
        return new Batch(
                split,
                points,
                checkpoint(split, step),
                List.of(segment(split, DAY, step)),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }
}
