package io.usagestream.query;

import io.usagestream.stream.ByName;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Event;
import io.usagestream.stream.Finality;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Identity;
import io.usagestream.stream.Ids;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Point;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.EventRevision;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.Utf8;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Publications as a service makes them: revisions count from 1, deltas are differences. */
public final class Rows {
    public static final Split COMPLETIONS = new Split("openai", "acme", "completions");
    public static final Split COSTS = new Split("openai", "acme", "costs");
    public static final Split MODELS = new Split("scenario", "studio", "model-usages");
    public static final Split CONSUMPTION = new Split("scenario", "studio", "consumption");
    public static final Split ASSETS = new Split("scenario", "studio", "asset-usages");
    public static final Split NSFW = new Split("scenario", "studio", "nsfw-usages");
    public static final Split USAGES = new Split("scenario", "studio", "usages");
    public static final Split ACTIVITY = new Split("scenario", "studio", "activity");
    private static final Instant OBSERVED = Instant.parse("2026-11-20T00:00:00Z");

    private final Map<String, PointRevision> last = new TreeMap<>();

    /** The next revision of a row. Dimensions as {@code model=x}, {@code user_id} for null; measures as {@code cost=1.5 cu}. */
    public PointRevision row(Split split, String start, Grain grain, String dimensions, String... measures) {
        Measures.Builder values = new Measures.Builder();
        for (String measure : measures) {
            String[] parts = measure.split("[= ]", -1);
            values.put(parts[0], Measure.of(new BigDecimal(parts[1]), parts[2]));
        }
        return revision(split, Instant.parse(start), grain, dimensions(dimensions), values.build(), false);
    }

    /** The retraction of a row. */
    public PointRevision gone(PointRevision row) {
        Measures.Builder values = new Measures.Builder();
        row.measures().forEach((name, measure) -> values.put(name, Measure.of(0, measure.unit())));
        return revision(row.split(), row.start(), row.grain(), row.dimensions(), values.build(), true);
    }

    private PointRevision revision(
            Split split,
            Instant start,
            Grain grain,
            ByName<Optional<String>> dimensions,
            Measures values,
            boolean retracted) {
        String id = Ids.point(split, new Point(start, grain, dimensions, values));
        PointRevision before = last.get(id);
        ByName.Builder<BigDecimal> deltas = new ByName.Builder<>();
        Measures old = before == null ? Measures.empty() : before.measures();
        values.forEach((name, value) -> {
            Measure was = old.get(name);
            if (was != null) {
                deltas.put(name, value.value().subtract(was.value()));
            }
        });
        PointRevision revision = new PointRevision(
                split,
                Utf8.of(id),
                before == null ? 1 : before.revision() + 1,
                start,
                grain,
                dimensions,
                values,
                deltas.build(),
                Finality.PROVISIONAL,
                false,
                retracted,
                OBSERVED);
        last.put(id, revision);
        return revision;
    }

    /** An event's n-th revision. */
    public static EventRevision event(
            String time, String project, String user, int ordinal, int revision, String cost) {
        Event event = new Event(
                "generate",
                Instant.parse(time),
                project,
                user,
                Optional.empty(),
                Optional.empty(),
                Optional.of("job-" + ordinal),
                Optional.of("flux"),
                Optional.of(false),
                Optional.empty(),
                cost.isEmpty() ? Optional.empty() : Optional.of(Measure.of(new BigDecimal(cost), Event.COST_UNIT)));
        String id = Ids.event(ACTIVITY, Digest.of(Identity.text(event)), ordinal);
        return new EventRevision(ACTIVITY, id, revision, event, false, OBSERVED);
    }

    /** A day as it was closed, with so many rows. */
    public static Publication.Period period(Split split, LocalDate day, int revision, long rows) {
        return period(split, day, revision, rows, 0);
    }

    /** The same with so many that could not be understood. */
    public static Publication.Period period(Split split, LocalDate day, int revision, long rows, long quarantined) {
        return new Publication.Period(
                split, day, revision, rows, new TreeMap<>(), new TreeMap<>(), quarantined, new Digest(0, 0), OBSERVED);
    }

    /** A row that was set aside, of a window. */
    public static Publication.QuarantinedRow quarantined(Split split, String from, String to) {
        Instant time = Instant.parse(from);
        Window window = new Window(time, Instant.parse(to));
        Quarantined row = new Quarantined(
                Reason.BAD_NUMBER, "no number", "", Optional.empty(), Digest.of(from + to), Optional.of(time));
        return new Publication.QuarantinedRow(
                split, split.name() + "/" + row.digest().hex(), row, window, OBSERVED);
    }

    /** How far a split is. */
    public static Publication.Progress progress(Split split, String watermark) {
        return new Publication.Progress(
                split,
                io.usagestream.stream.SplitState.RUNNING,
                Optional.empty(),
                OBSERVED,
                Instant.parse(watermark),
                Optional.of(OBSERVED),
                Optional.empty(),
                Duration.ofHours(48),
                Optional.empty(),
                OBSERVED);
    }

    private static ByName<Optional<String>> dimensions(String text) {
        ByName.Builder<Optional<String>> dimensions = new ByName.Builder<>();
        for (String part : text.split("&", -1)) {
            int equals = part.indexOf('=');
            if (!part.isEmpty()) {
                dimensions.put(
                        equals < 0 ? part : part.substring(0, equals),
                        equals < 0 ? Optional.empty() : Optional.of(part.substring(equals + 1)));
            }
        }
        return dimensions.build();
    }
}
