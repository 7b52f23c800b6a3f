package io.usagestream.dev.upstream.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import io.usagestream.dev.upstream.fault.Afflictions;
import io.usagestream.dev.upstream.fault.Fault;
import io.usagestream.dev.upstream.ledger.CostBucket;
import io.usagestream.dev.upstream.ledger.CostQuery;
import io.usagestream.dev.upstream.ledger.Meter;
import io.usagestream.dev.upstream.ledger.UsageBucket;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** Writes a page as OpenAI does, with the undocumented members that it has in fact. */
final class PageWriter {
    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'+00:00'").withZone(ZoneOffset.UTC);
    private static final int MONEY_DECIMALS = 36;
    /** How a decimal128 zero is written. */
    private static final String ZERO_MONEY = "0E-6176";

    private final JsonGenerator out;
    private final Afflictions afflictions;
    private final Money money;

    PageWriter(JsonGenerator out, Afflictions afflictions, Money money) {
        this.out = out;
        this.afflictions = afflictions;
        this.money = money;
    }

    void start() throws IOException {
        out.writeStartObject();
        out.writeStringField("object", "page");
        out.writeArrayFieldStart("data");
    }

    void usage(Meter meter, List<String> groupBy, UsageBucket bucket) throws IOException {
        startBucket(bucket.start(), bucket.end());
        for (UsageBucket.Row row : bucket.rows()) {
            out.writeStartObject();
            out.writeStringField("object", meter.object());
            for (int i = 0; i < meter.measures().size(); i++) {
                if (meter.nullMeasure(i)) {
                    out.writeNullField(meter.measures().get(i));
                } else {
                    out.writeNumberField(meter.measures().get(i), row.measure(i));
                }
            }
            dimensions(meter.dimensions(), groupBy, row.dimensions());
            novelty();
            out.writeEndObject();
        }
        badRows(meter.object(), !bucket.rows().isEmpty());
        endBucket();
    }

    void costs(List<String> groupBy, CostBucket bucket) throws IOException {
        startBucket(bucket.start(), bucket.end());
        for (CostBucket.Row row : bucket.rows()) {
            out.writeStartObject();
            out.writeStringField("object", OpenAiApi.COSTS_OBJECT);
            out.writeObjectFieldStart("amount");
            amount(row.amount());
            out.writeStringField("currency", CostQuery.CURRENCY);
            out.writeEndObject();
            dimensions(CostQuery.DIMENSIONS, groupBy, row.dimensions());
            out.writeFieldName("quantity");
            if (row.quantity().isPresent()) {
                out.writeNumber(row.quantity().get());
            } else {
                out.writeNull();
            }
            text("quantity_unit", row.unit());
            novelty();
            out.writeEndObject();
        }
        badRows(OpenAiApi.COSTS_OBJECT, !bucket.rows().isEmpty());
        endBucket();
    }

    void end(Optional<String> next, boolean more) throws IOException {
        out.writeEndArray();
        out.writeBooleanField("has_more", more);
        text("next_page", next);
        novelty();
        out.writeEndObject();
    }

    private void startBucket(Instant start, Instant end) throws IOException {
        out.writeStartObject();
        out.writeStringField("object", "bucket");
        out.writeNumberField("start_time", start.getEpochSecond());
        out.writeNumberField("end_time", end.getEpochSecond());
        out.writeStringField("start_time_iso", ISO.format(start));
        out.writeStringField("end_time_iso", ISO.format(end));
        out.writeArrayFieldStart("results");
    }

    private void endBucket() throws IOException {
        out.writeEndArray();
        out.writeEndObject();
    }

    /** Documented dimensions are always there, null when not grouped by; the others only when grouped by. */
    private void dimensions(List<String> documented, List<String> groupBy, List<Optional<String>> values)
            throws IOException {
        for (String dimension : documented) {
            int index = groupBy.indexOf(dimension);
            dimension(dimension, index < 0 ? Optional.empty() : values.get(index));
        }
        for (int i = 0; i < groupBy.size(); i++) {
            if (!documented.contains(groupBy.get(i))) {
                dimension(groupBy.get(i), values.get(i));
            }
        }
    }

    private void dimension(String name, Optional<String> value) throws IOException {
        if (name.equals("batch") && value.isPresent()) {
            out.writeBooleanField(name, Boolean.parseBoolean(value.get()));
        } else {
            text(name, value);
        }
    }

    private void amount(BigDecimal amount) throws IOException {
        out.writeFieldName("value");
        switch (money) {
            case NUMBER -> out.writeNumber(amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros());
            case TEXT ->
                out.writeString(
                        amount.signum() == 0
                                ? ZERO_MONEY
                                : amount.setScale(Math.max(MONEY_DECIMALS, amount.scale()))
                                        .toPlainString());
        }
    }

    private void text(String name, Optional<String> value) throws IOException {
        out.writeStringField(name, value.orElse(null));
    }

    private void novelty() throws IOException {
        if (afflictions.has(Fault.NEW_FIELDS)) {
            out.writeStringField("billing_note", "subject to change");
            out.writeObjectFieldStart("attribution");
            out.writeNumberField("confidence", 1);
            out.writeEndObject();
        }
    }

    private void badRows(String object, boolean busy) throws IOException {
        if (afflictions.has(Fault.UNKNOWN_OBJECT) && busy) {
            out.writeStartObject();
            out.writeStringField("object", "organization.usage.teleports.result");
            out.writeNumberField("teleports", 3);
            out.writeNullField("project_id");
            out.writeEndObject();
        }
        if (afflictions.has(Fault.BAD_ROWS) && busy) {
            out.writeStartObject();
            out.writeStringField("object", object);
            out.writeNumberField("num_model_requests", -1);
            out.writeObjectFieldStart("amount");
            out.writeStringField("value", "twelve");
            out.writeEndObject();
            out.writeStringField("project_id", "proj_bad");
            out.writeEndObject();
        }
    }
}
