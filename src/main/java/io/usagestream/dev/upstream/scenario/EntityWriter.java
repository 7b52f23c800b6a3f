package io.usagestream.dev.upstream.scenario;

import com.fasterxml.jackson.core.JsonGenerator;
import io.usagestream.dev.upstream.ledger.StudioEvent;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Writes what the ids of an answer mean: with mail addresses, signed links and whole job inputs, as Scenario does. */
final class EntityWriter {
    private final Set<String> users = new LinkedHashSet<>();
    private final Set<String> models = new LinkedHashSet<>();
    private final Set<String> collections = new LinkedHashSet<>();
    private final Map<String, String> assets = new LinkedHashMap<>();
    private final Map<String, StudioEvent> jobs = new LinkedHashMap<>();

    void users(Collection<String> ids) {
        users.addAll(ids);
    }

    void models(Collection<String> ids) {
        models.addAll(ids);
    }

    void add(StudioEvent event) {
        users.add(event.userId());
        event.modelId().ifPresent(models::add);
        event.collectionId().ifPresent(collections::add);
        event.assetId().ifPresent(id -> assets.put(id, event.assetKind().orElse("image")));
        event.jobId().ifPresent(id -> jobs.put(id, event));
    }

    void write(JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("entities");
        assets(out);
        collections(out);
        jobs(out);
        models(out);
        users(out);
        out.writeEndObject();
    }

    private void assets(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("assets");
        for (var asset : assets.entrySet()) {
            out.writeStartObject();
            out.writeStringField("id", asset.getKey());
            out.writeStringField("kind", asset.getValue());
            out.writeObjectFieldStart("metadata");
            out.writeStringField("type", "inference-txt2img");
            out.writeEndObject();
            out.writeObjectFieldStart("properties");
            out.writeNumberField("size", 100_000 + Math.floorMod(asset.getKey().hashCode(), 900_000));
            out.writeEndObject();
            out.writeStringField("source", "inference-txt");
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void collections(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("collections");
        for (String id : collections) {
            out.writeStartObject();
            out.writeStringField("id", id);
            out.writeStringField("name", "Collection " + tail(id));
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void jobs(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("jobs");
        for (var job : jobs.entrySet()) {
            out.writeStartObject();
            out.writeStringField("id", job.getKey());
            out.writeStringField("jobType", "image-generation");
            out.writeStringField("status", "success");
            out.writeObjectFieldStart("metadata");
            out.writeArrayFieldStart("assetIds");
            if (job.getValue().assetId().isPresent()) {
                out.writeString(job.getValue().assetId().get());
            }
            out.writeEndArray();
            out.writeNullField("error");
            out.writeObjectFieldStart("input");
            out.writeStringField("prompt", "a secret product, before its launch");
            out.writeNumberField("numSamples", 4);
            out.writeEndObject();
            out.writeEndObject();
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void models(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("models");
        for (String id : models) {
            out.writeStartObject();
            out.writeStringField("id", id);
            out.writeStringField("name", "Model " + tail(id));
            out.writeStringField("shortDescription", "Trained on " + id.length() + " pictures");
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void users(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("users");
        for (String id : users) {
            out.writeStartObject();
            out.writeStringField("id", id);
            out.writeBooleanField("isApiKey", false);
            out.writeStringField("email", tail(id).toLowerCase(Locale.ROOT) + "@example.com");
            out.writeStringField("fullName", "User " + tail(id));
            out.writeObjectFieldStart("avatar");
            out.writeStringField("url", "https://cdn.example.com/" + id + "?Signature=not-for-you");
            out.writeEndObject();
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static String tail(String id) {
        return id.substring(Math.max(0, id.length() - 6));
    }
}
