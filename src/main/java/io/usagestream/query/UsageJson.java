package io.usagestream.query;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.usagestream.stream.Event;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Publication.EntityChange;
import io.usagestream.stream.Publication.EventRevision;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Reason;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A usage summary as JSON. Decimals are strings, so that no reader rounds them. */
public final class UsageJson {
    private static final JsonFactory JSON = new JsonFactory();

    private final JsonGenerator json;

    private UsageJson(JsonGenerator json) {
        this.json = json;
    }

    /** The answer's JSON object, indented. */
    public static String text(UsageAnswer answer) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text).useDefaultPrettyPrinter()) {
            new UsageJson(json).write(answer);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return text.toString();
    }

    private void write(UsageAnswer answer) throws IOException {
        json.writeStartObject();
        json.writeStringField("startDate", answer.question().start().toString());
        json.writeStringField("endDate", answer.question().end().toString());
        optional("projectId", answer.question().project());
        totals(answer);
        lines("consumption", "userId", answer.consumption());
        json.writeArrayFieldStart("modelUsages");
        for (UsageLine line : answer.models()) {
            json.writeStartObject();
            head("modelId", line);
            Optional<String> name = line.name().flatMap(id -> answer.nameOf("models", line.source(), id));
            if (name.isPresent()) {
                json.writeStringField("modelName", name.get());
            }
            sums(line.sums());
            json.writeEndObject();
        }
        json.writeEndArray();
        lines("assetUsages", "kind", answer.assets());
        lines("costs", "lineItem", answer.costs());
        sections(answer);
        freshness(answer.freshness());
        json.writeArrayFieldStart("notes");
        for (String note : answer.notes()) {
            json.writeString(note);
        }
        json.writeEndArray();
        json.writeStringField("_hint", UsageTotals.hint(answer));
        json.writeEndObject();
    }

    private void totals(UsageAnswer answer) throws IOException {
        json.writeObjectFieldStart("totals");
        for (UsageTotals.Total total : UsageTotals.of(answer)) {
            json.writeObjectFieldStart(total.key());
            json.writeStringField("value", Measure.plain(total.value()).toPlainString());
            json.writeStringField("unit", total.unit());
            json.writeEndObject();
        }
        lines("streams", "stream", answer.streams());
        json.writeEndObject();
    }

    private void sections(UsageAnswer answer) throws IOException {
        json.writeObjectFieldStart("sections");
        for (UsageSection section : UsageSection.values()) {
            json.writeObjectFieldStart(section.word());
            json.writeNumberField("count", answer.counts().getOrDefault(section, 0L));
            if (section == UsageSection.ACTIVITY && answer.activity().isPresent()) {
                events(answer.activity().get());
            } else if (section == UsageSection.ENTITIES && answer.question().includes(section)) {
                entities(answer.entities());
            } else if (answer.sections().containsKey(section)) {
                boolean models = section == UsageSection.MODEL_USAGES_DAILY;
                String name = models ? "modelId" : section == UsageSection.NSFW_USAGES ? "label" : "usage";
                lines("items", name, answer.sections().getOrDefault(section, List.of()));
            } else {
                json.writeStringField("hint", "include " + section.word() + ": " + section.contents());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private void lines(String field, String name, List<UsageLine> lines) throws IOException {
        json.writeArrayFieldStart(field);
        for (UsageLine line : lines) {
            json.writeStartObject();
            head(name, line);
            sums(line.sums());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void head(String name, UsageLine line) throws IOException {
        if (line.day().isPresent()) {
            json.writeStringField("date", line.day().get().toString());
        }
        optional(name, line.name());
        json.writeStringField("provider", line.provider());
        json.writeStringField("source", line.source());
        json.writeNumberField("rows", line.rows());
    }

    private void sums(Map<String, BigDecimal> sums) throws IOException {
        json.writeObjectFieldStart("sums");
        for (Map.Entry<String, BigDecimal> sum : sums.entrySet()) {
            json.writeStringField(sum.getKey(), sum.getValue().toPlainString());
        }
        json.writeEndObject();
    }

    private void events(List<EventRevision> events) throws IOException {
        json.writeArrayFieldStart("items");
        for (EventRevision revision : events) {
            Event event = revision.event();
            json.writeStartObject();
            json.writeStringField("id", revision.id());
            json.writeStringField("time", event.time().toString());
            json.writeStringField("action", event.action());
            json.writeStringField("source", revision.split().source());
            json.writeStringField("projectId", event.projectId());
            json.writeStringField("userId", event.userId());
            present("modelId", event.modelId());
            present("assetId", event.assetId());
            present("jobId", event.jobId());
            present("collectionId", event.collectionId());
            if (event.isApiKey().isPresent()) {
                json.writeBooleanField("isApiKey", event.isApiKey().get());
            }
            present("byokProvider", event.byokProvider().flatMap(Event.ByokProvider::id));
            present("creativeUnitsCost", event.cost().map(cost -> cost.value().toPlainString()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void entities(List<EntityChange> entities) throws IOException {
        json.writeArrayFieldStart("items");
        for (EntityChange change : entities) {
            json.writeStartObject();
            json.writeStringField("kind", change.entity().kind());
            json.writeStringField("id", change.entity().id());
            json.writeStringField("source", change.split().source());
            present("name", change.entity().name());
            json.writeObjectFieldStart("attributes");
            for (Map.Entry<String, String> attribute :
                    change.entity().attributes().entrySet()) {
                json.writeStringField(attribute.getKey(), attribute.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void freshness(List<Progress> progress) throws IOException {
        json.writeArrayFieldStart("freshness");
        for (Progress split : progress) {
            json.writeStartObject();
            json.writeStringField("split", split.split().name());
            json.writeStringField("state", split.state().name());
            present("reason", split.reason().map(Reason::word));
            json.writeStringField("readUntil", split.frontier().toString());
            json.writeStringField("finalUntil", split.watermark().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void optional(String field, Optional<String> text) throws IOException {
        if (text.isPresent()) {
            json.writeStringField(field, text.get());
        } else {
            json.writeNullField(field);
        }
    }

    private void present(String field, Optional<String> text) throws IOException {
        if (text.isPresent()) {
            json.writeStringField(field, text.get());
        }
    }
}
