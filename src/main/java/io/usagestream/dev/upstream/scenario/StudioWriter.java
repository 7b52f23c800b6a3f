package io.usagestream.dev.upstream.scenario;

import com.fasterxml.jackson.core.JsonGenerator;
import io.usagestream.dev.upstream.fault.Afflictions;
import io.usagestream.dev.upstream.fault.Fault;
import io.usagestream.dev.upstream.ledger.StudioCell;
import io.usagestream.dev.upstream.ledger.StudioEvent;
import io.usagestream.dev.upstream.ledger.StudioSeries;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the sections of an answer as Scenario does: numbers as numbers, but in {@code usages} value and apiKey as text. */
final class StudioWriter {
    /** As JavaScript writes dates: always with milliseconds. */
    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final JsonGenerator out;
    private final Afflictions afflictions;
    private final boolean dropZeroPoints;
    private final StudioOptions.Names names;

    /** What one point of a series shows, its time aside. */
    private interface Point {
        void write(StudioCell cell) throws IOException;
    }

    StudioWriter(JsonGenerator out, Afflictions afflictions, boolean dropZeroPoints, StudioOptions.Names names) {
        this.out = out;
        this.afflictions = afflictions;
        this.dropZeroPoints = dropZeroPoints;
        this.names = names;
    }

    void activity(List<StudioEvent> events) throws IOException {
        out.writeArrayFieldStart("activity");
        for (StudioEvent event : events) {
            out.writeStartObject();
            out.writeStringField("action", event.action());
            out.writeObjectFieldStart("data");
            text("assetId", event.assetId());
            text("collectionId", event.collectionId());
            text("jobId", event.jobId());
            text("modelId", event.modelId());
            if (event.isApiKey().isPresent()) {
                out.writeBooleanField("isApiKey", event.isApiKey().get());
            }
            if (event.byok().isPresent()) {
                out.writeObjectFieldStart("byokProvider");
                out.writeStringField("id", event.byok().get().id());
                out.writeStringField("displayName", event.byok().get().displayName());
                out.writeEndObject();
            }
            novelty();
            out.writeEndObject();
            out.writeStringField("projectId", event.projectId());
            out.writeStringField("userId", event.userId());
            out.writeStringField("time", ISO.format(event.time()));
            if (event.cost().isPresent()) {
                number("creativeUnitsCost", event.cost().get());
            }
            novelty();
            out.writeEndObject();
        }
        if (afflictions.has(Fault.BAD_ROWS) && !events.isEmpty()) {
            out.writeStartObject();
            out.writeStringField("action", "asset");
            out.writeStringField("time", "yesterday");
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    void usages(StudioSeries series) throws IOException {
        section("usages", "usageName", series, series.usages(), true, cell -> {
            out.writeStringField("value", plain(cell.value()).toPlainString());
            out.writeStringField("apiKey", plain(cell.valueByKey()).toPlainString());
            costs(cell);
        });
    }

    void modelUsages(StudioSeries series) throws IOException {
        section("modelUsages", "modelId", series, series.models(), false, cell -> {
            costs(cell);
            out.writeNumberField("jobs", cell.count());
        });
    }

    void assetUsages(StudioSeries series) throws IOException {
        section("assetUsages", "kind", series, series.assets(), false, this::counts);
    }

    void nsfwUsages(StudioSeries series) throws IOException {
        section("nsfwUsages", "label", series, series.nsfw(), false, this::counts);
    }

    void consumption(StudioSeries series) throws IOException {
        out.writeArrayFieldStart("consumption");
        for (var user : series.consumption().entrySet()) {
            StudioCell cell = user.getValue();
            out.writeStartObject();
            out.writeStringField("userId", user.getKey());
            number("value", cell.cost());
            number("discount", cell.discount());
            number("total", cell.cost().add(cell.discount()));
            novelty();
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    void novelty() throws IOException {
        if (afflictions.has(Fault.NEW_FIELDS)) {
            out.writeStringField("confidence", "preview");
            out.writeObjectFieldStart("labels");
            out.writeEndObject();
        }
    }

    private void section(
            String name,
            String key,
            StudioSeries series,
            Map<String, List<StudioCell>> cells,
            boolean withGranularity,
            Point point)
            throws IOException {
        out.writeArrayFieldStart(name);
        for (var entry : cells.entrySet()) {
            if (names == StudioOptions.Names.USED && entry.getValue().stream().allMatch(StudioCell::isZero)) {
                continue;
            }
            out.writeStartObject();
            out.writeStringField(key, entry.getKey());
            if (withGranularity) {
                out.writeStringField("granularity", series.grain().toString());
            }
            out.writeArrayFieldStart("points");
            for (int i = 0; i < series.times().size(); i++) {
                StudioCell cell = entry.getValue().get(i);
                if (!dropZeroPoints || !cell.isZero()) {
                    point(series.times().get(i), cell, point);
                }
            }
            out.writeEndArray();
            novelty();
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void point(Instant time, StudioCell cell, Point point) throws IOException {
        out.writeStartObject();
        point.write(cell);
        out.writeStringField("time", ISO.format(time));
        novelty();
        out.writeEndObject();
    }

    private void costs(StudioCell cell) throws IOException {
        number("cost", cell.cost());
        number("discount", cell.discount());
        number("apiKeyCost", cell.costByKey());
        number("apiKeyDiscount", cell.discountByKey());
    }

    private void counts(StudioCell cell) throws IOException {
        out.writeNumberField("count", cell.count());
        out.writeNumberField("countApiKey", cell.countByKey());
    }

    private void number(String name, BigDecimal value) throws IOException {
        out.writeFieldName(name);
        out.writeNumber(plain(value));
    }

    private void text(String name, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            out.writeStringField(name, value.get());
        }
    }

    private static BigDecimal plain(BigDecimal value) {
        return value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    }
}
