package io.usagestream.envelope;

import io.usagestream.avro.ByokProvider;
import io.usagestream.avro.Entity;
import io.usagestream.avro.Period;
import io.usagestream.avro.Progress;
import io.usagestream.avro.Quarantine;
import io.usagestream.avro.UsageActivity;
import io.usagestream.avro.UsagePoint;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Event;
import io.usagestream.stream.Finality;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.SplitState;
import io.usagestream.stream.Utf8;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecordBase;

/** From generated classes back to publications. */
final class Publications {
    private Publications() {}

    static Publication of(Split split, SpecificRecordBase record) {
        if (record instanceof UsagePoint point) {
            return of(split, point);
        } else if (record instanceof UsageActivity activity) {
            return of(split, activity);
        } else if (record instanceof Entity entity) {
            return of(split, entity);
        } else if (record instanceof Quarantine quarantine) {
            return of(split, quarantine);
        } else if (record instanceof Progress progress) {
            return of(split, progress);
        }
        return of(split, (Period) record);
    }

    private static Publication of(Split split, UsagePoint point) {
        ByName.Builder<Optional<String>> dimensions = new ByName.Builder<>();
        point.getDimensions().forEach((name, value) -> dimensions.put(name, Optional.ofNullable(value)));
        Measures.Builder measures = new Measures.Builder();
        ByName.Builder<BigDecimal> deltas = new ByName.Builder<>();
        point.getMeasures().forEach((name, measure) -> {
            BigDecimal value = Measure.plain(measure.getValue());
            measures.put(name, new Measure(value, measure.getUnit(), Optional.ofNullable(measure.getExact())));
            deltas.put(name, Measure.plain(measure.getDelta()));
        });
        return new Publication.PointRevision(
                split,
                Utf8.of(point.getId()),
                point.getRevision(),
                point.getBucketStart(),
                Grain.of(point.getGranularity()).orElseThrow(() -> unknown("granularity", point.getGranularity())),
                dimensions.build(),
                measures.build(),
                deltas.build(),
                Finality.valueOf(point.getFinality().name()),
                point.getRestated(),
                point.getRetracted(),
                point.getObservedAt());
    }

    private static Publication of(Split split, UsageActivity activity) {
        Event event = new Event(
                activity.getAction(),
                activity.getTime(),
                activity.getProjectId(),
                activity.getUserId(),
                Optional.ofNullable(activity.getAssetId()),
                Optional.ofNullable(activity.getCollectionId()),
                Optional.ofNullable(activity.getJobId()),
                Optional.ofNullable(activity.getModelId()),
                Optional.ofNullable(activity.getIsApiKey()),
                Optional.ofNullable(activity.getByokProvider()).map(Publications::byok),
                Optional.ofNullable(activity.getCreativeUnitsCost()).map(cost -> Measure.of(cost, Event.COST_UNIT)));
        return new Publication.EventRevision(
                split,
                activity.getId(),
                activity.getRevision(),
                event,
                activity.getRetracted(),
                activity.getObservedAt());
    }

    private static Event.ByokProvider byok(ByokProvider provider) {
        return new Event.ByokProvider(
                Optional.ofNullable(provider.getId()), Optional.ofNullable(provider.getDisplayName()));
    }

    private static Publication of(Split split, Entity entity) {
        return new Publication.EntityChange(
                split,
                entity.getId(),
                new io.usagestream.stream.Entity(
                        entity.getKind(),
                        entity.getEntityId(),
                        Optional.ofNullable(entity.getName()),
                        new TreeMap<>(entity.getAttributes())),
                entity.getObservedAt());
    }

    /** The row's own time is not part of the record. */
    private static Publication of(Split split, Quarantine row) {
        return new Publication.QuarantinedRow(
                split,
                row.getId(),
                new Quarantined(
                        reason(row.getReason()),
                        row.getDetail(),
                        row.getJsonPointer(),
                        Optional.ofNullable(row.getFragment()),
                        Digest.ofHex(row.getId().substring(row.getId().lastIndexOf('/') + 1)),
                        Optional.empty()),
                new Window(row.getWindowFrom(), row.getWindowTo()),
                row.getObservedAt());
    }

    static Publication.Progress of(Split split, Progress progress) {
        return new Publication.Progress(
                split,
                SplitState.valueOf(progress.getState().name()),
                Optional.ofNullable(progress.getReason()).map(Publications::reason),
                progress.getFrontier(),
                progress.getWatermark(),
                Optional.ofNullable(progress.getLastSuccessAt()),
                Optional.ofNullable(progress.getSweptAt()),
                Duration.ofMillis(progress.getLookbackMs()),
                Optional.ofNullable(progress.getObservedLookbackP999Ms()).map(Duration::ofMillis),
                progress.getObservedAt());
    }

    private static Publication of(Split split, Period period) {
        return new Publication.Period(
                split,
                period.getDay(),
                period.getRevision(),
                period.getRows(),
                numbers(period.getSums()),
                numbers(period.getDeltas()),
                period.getQuarantined(),
                Digest.ofHex(period.getDigest()),
                period.getObservedAt());
    }

    static SortedMap<String, BigDecimal> numbers(Map<String, BigDecimal> numbers) {
        SortedMap<String, BigDecimal> plain = new TreeMap<>();
        numbers.forEach((name, number) -> plain.put(name, Measure.plain(number)));
        return plain;
    }

    static Reason reason(String word) {
        try {
            return Reason.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw unknown("reason", word);
        }
    }

    private static UnreadableException unknown(String what, String text) {
        return new UnreadableException("a " + what + " that is not known here: " + text, null);
    }
}
