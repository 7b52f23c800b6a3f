package io.usagestream.query;

import io.usagestream.envelope.CloudEvents;
import io.usagestream.envelope.Reader;
import io.usagestream.envelope.RecordType;
import io.usagestream.stream.Finality;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.EntityChange;
import io.usagestream.stream.Publication.EventRevision;
import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Publication.QuarantinedRow;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records as rows for people: narrow columns first, in fixed places; what has no bound last. */
public final class TableLines implements LineFormat {
    private static final String POINTS = "%-20s  %-4s  %-26s  %4s  %-11s  %s";
    private static final String ACTIVITY = "%-24s  %-16s  %4s  %-9s  %-24s  %12s  %s";
    private static final String PROGRESS = "%-30s  %-11s  %-20s  %-20s  %-20s  %s";
    private static final String PERIODS = "%-30s  %-10s  %4s  %8s  %11s  %s";
    private static final String ENTITIES = "%-16s  %-12s  %-30s  %-30s  %s";
    private static final String QUARANTINE = "%-20s  %-30s  %-22s  %s";

    @Override
    public Optional<String> header(RecordType type) {
        return Optional.of(
                switch (type) {
                    case POINT ->
                        row(POINTS, "BUCKET", "FOR", "STREAM", "REV", "STATUS", "DIMENSIONS | MEASURES (CHANGE)");
                    case ACTIVITY -> row(ACTIVITY, "TIME", "SOURCE", "REV", "STATUS", "ACTION", "COST (CU)", "IDS");
                    case PROGRESS -> row(PROGRESS, "SPLIT", "STATE", "FRONTIER", "WATERMARK", "LAST SUCCESS", "REASON");
                    case PERIOD -> row(PERIODS, "SPLIT", "DAY", "REV", "ROWS", "QUARANTINED", "SUMS");
                    case ENTITY -> row(ENTITIES, "SOURCE", "KIND", "ID", "NAME", "ATTRIBUTES");
                    case QUARANTINE -> row(QUARANTINE, "OBSERVED", "SPLIT", "REASON", "WHAT");
                });
    }

    @Override
    public String line(RecordType type, ConsumerRecord<byte[], byte[]> record, Reader reader) {
        Split split = CloudEvents.split(record.headers()).orElse(new Split("?", "?", "?"));
        return clean(row(reader.publication(type, split, record.value())));
    }

    private static String row(Publication publication) {
        if (publication instanceof PointRevision point) {
            return row(point);
        } else if (publication instanceof EventRevision event) {
            return row(event);
        } else if (publication instanceof Progress progress) {
            return row(
                    PROGRESS,
                    progress.split(),
                    progress.state(),
                    seconds(progress.frontier()),
                    seconds(progress.watermark()),
                    progress.lastSuccessAt().map(TableLines::seconds).orElse("-"),
                    progress.reason().map(Reason::word).orElse("-"));
        } else if (publication instanceof Period period) {
            return row(
                    PERIODS,
                    period.split(),
                    period.day(),
                    period.revision(),
                    period.rows(),
                    period.quarantined(),
                    sums(period.sums()));
        } else if (publication instanceof EntityChange change) {
            return row(
                    ENTITIES,
                    change.split().source(),
                    change.entity().kind(),
                    change.entity().id(),
                    change.entity().name().orElse("-"),
                    words(change.entity().attributes()));
        }
        QuarantinedRow quarantined = (QuarantinedRow) publication;
        return row(
                QUARANTINE,
                seconds(quarantined.observedAt()),
                quarantined.split(),
                quarantined.row().reason().word(),
                quarantined.row().detail() + " at " + quarantined.row().pointer() + " in "
                        + quarantined.window().from() + "/"
                        + quarantined.window().to()
                        + quarantined.row().fragment().map(text -> ": " + text).orElse(""));
    }

    private static String row(PointRevision point) {
        String dimensions = point.dimensions().entrySet().stream()
                .map(d -> d.getKey() + "=" + d.getValue().orElse("(null)"))
                .collect(Collectors.joining(" "));
        String measures = point.changes().entrySet().stream()
                .map(m -> m.getKey() + " " + plain(m.getValue().now().value())
                        + unit(m.getKey(), m.getValue().now().unit())
                        + change(point.revision(), m.getValue().delta()))
                .collect(Collectors.joining(", "));
        return row(
                POINTS,
                point.start(),
                point.grain(),
                point.split(),
                point.revision(),
                status(point.retracted(), point.restated(), point.finality()),
                (dimensions.isEmpty() ? "" : dimensions + " | ") + measures);
    }

    private static String row(EventRevision revision) {
        var event = revision.event();
        StringBuilder ids = new StringBuilder("project=" + event.projectId() + " user=" + event.userId());
        event.modelId().ifPresent(id -> ids.append(" model=").append(id));
        event.jobId().ifPresent(id -> ids.append(" job=").append(id));
        event.assetId().ifPresent(id -> ids.append(" asset=").append(id));
        event.collectionId().ifPresent(id -> ids.append(" collection=").append(id));
        return row(
                ACTIVITY,
                event.time(),
                revision.split().source(),
                revision.revision(),
                revision.retracted() ? "retracted" : "",
                event.action(),
                event.cost().map(cost -> plain(cost.value())).orElse("-"),
                ids);
    }

    private static String status(boolean retracted, boolean restated, Finality finality) {
        String word = finality.toString().toLowerCase(Locale.ROOT);
        return retracted ? "retracted" : restated ? "restated" : word;
    }

    /** Many a measure's name says its unit already. */
    private static String unit(String name, String unit) {
        return name.endsWith(unit) || unit.equals("unknown") ? "" : " " + unit;
    }

    private static String change(int revision, BigDecimal delta) {
        if (revision == 1 || delta.signum() == 0) {
            return "";
        }
        return " (" + (delta.signum() > 0 ? "+" : "") + plain(delta) + ")";
    }

    private static String sums(Map<String, BigDecimal> sums) {
        return sums.entrySet().stream()
                .map(sum -> sum.getKey() + " " + plain(sum.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String words(Map<String, String> words) {
        return words.entrySet().stream()
                .map(word -> word.getKey() + "=" + word.getValue())
                .collect(Collectors.joining(" "));
    }

    private static String plain(BigDecimal number) {
        return Measure.plain(number).toPlainString();
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String row(String format, Object... cells) {
        return String.format(format, (Object[])
                        Arrays.stream(cells).map(Object::toString).toArray(String[]::new))
                .stripTrailing();
    }

    /** What upstream wrote cannot break the line or steer the terminal. */
    private static String clean(String line) {
        return line.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
