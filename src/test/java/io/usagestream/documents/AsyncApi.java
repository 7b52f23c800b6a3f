package io.usagestream.documents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.usagestream.envelope.RecordType;
import io.usagestream.sink.kafka.PlannedTopics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The topics as an AsyncAPI 3 description. */
final class AsyncApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build();
    private static final String AVRO = "application/vnd.apache.avro;version=1.9.0";

    private AsyncApi() {}

    static String text() {
        try {
            return "# Made from avro/ and the topics' settings; a test keeps it true.\n"
                    + YAML.writeValueAsString(document());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> document() throws JsonProcessingException {
        Map<String, Object> channels = new LinkedHashMap<>();
        Map<String, Object> operations = new LinkedHashMap<>();
        Map<String, Object> messages = new LinkedHashMap<>();
        for (RecordType type : RecordType.values()) {
            String name = type.schema().getName();
            channels.put(type.suffix(), channel(type, name));
            operations.put(
                    "publish" + name,
                    map(
                            "action",
                            "send",
                            "channel",
                            reference("#/channels/" + type.suffix()),
                            "summary",
                            type.schema().getDoc(),
                            "messages",
                            List.of(reference("#/channels/" + type.suffix() + "/messages/" + name))));
            messages.put(name, message(type, name));
        }
        return map(
                "asyncapi",
                "3.0.0",
                "info",
                map(
                        "title",
                        "Usagestream",
                        "version",
                        "1.0.0",
                        "description",
                        "Usage of AI providers as Kafka topics: exactly once, with corrections. Read with"
                                + " isolation.level=read_committed. Values are Avro in the registry's wire format (a zero byte and"
                                + " a four-byte schema id) where a schema registry is configured, else in Avro's single-object"
                                + " encoding.",
                        "license",
                        map("name", "Apache 2.0", "url", "https://www.apache.org/licenses/LICENSE-2.0")),
                "defaultContentType",
                "application/avro",
                "channels",
                channels,
                "operations",
                operations,
                "components",
                map("messages", messages, "parameters", parameters(), "messageTraits", traits()));
    }

    private static Map<String, Object> channel(RecordType type, String name) {
        Map<String, Object> topic = new LinkedHashMap<>();
        Map<String, String> settings = PlannedTopics.all().getOrDefault(type.suffix(), Map.of());
        topic.put(
                "cleanup.policy",
                List.of(settings.getOrDefault("cleanup.policy", "delete").split(",")));
        if (settings.containsKey("retention.ms")) {
            topic.put("retention.ms", Long.parseLong(settings.getOrDefault("retention.ms", "-1")));
        }
        return map(
                "address",
                "{prefix}." + type.suffix(),
                "description",
                "Keyed by " + Keys.key(type) + ".",
                "parameters",
                map("prefix", reference("#/components/parameters/prefix")),
                "messages",
                map(name, reference("#/components/messages/" + name)),
                "bindings",
                map("kafka", map("topicConfiguration", topic, "bindingVersion", "0.5.0")));
    }

    private static Map<String, Object> message(RecordType type, String name) throws JsonProcessingException {
        return map(
                "name",
                name,
                "title",
                type.eventType(),
                "summary",
                type.schema().getDoc(),
                "contentType",
                "application/avro",
                "traits",
                List.of(reference("#/components/messageTraits/cloudEvents")),
                "headers",
                map(
                        "type",
                        "object",
                        "properties",
                        map(
                                "ce_type",
                                map("type", "string", "const", type.eventType()),
                                "ce_id",
                                map("type", "string", "description", Keys.eventId(type)),
                                "ce_time",
                                map("type", "string", "format", "date-time", "description", Keys.eventTime(type)))),
                "payload",
                map("schemaFormat", AVRO, "schema", JSON.readValue(type.schemaText(), Object.class)),
                "bindings",
                map(
                        "kafka",
                        map("key", map("type", "string", "description", Keys.key(type)), "bindingVersion", "0.5.0")));
    }

    private static Map<String, Object> parameters() {
        return map("prefix", map("description", "The first word of all topics: topics.prefix.", "default", "usage"));
    }

    private static Map<String, Object> traits() {
        return map(
                "cloudEvents",
                map(
                        "headers",
                        map(
                                "type",
                                "object",
                                "required",
                                List.of("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "content-type"),
                                "properties",
                                map(
                                        "ce_specversion",
                                        map("type", "string", "const", "1.0"),
                                        "ce_source",
                                        map("type", "string", "description", "/<provider>/<source>/<stream>"),
                                        "content-type",
                                        map("type", "string", "const", "application/avro")))));
    }

    private static Map<String, Object> reference(String to) {
        return map("$ref", to);
    }

    private static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
