package io.usagestream.documents;

import io.usagestream.envelope.RecordType;
import io.usagestream.sink.kafka.PlannedTopics;
import io.usagestream.source.Provider;
import io.usagestream.source.StreamType;
import io.usagestream.stream.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/** Every topic, record, field and stream, as Markdown. */
final class DataDictionary {
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final StringBuilder text = new StringBuilder();

    private DataDictionary() {}

    static String of(List<Provider> providers) {
        return new DataDictionary().write(providers);
    }

    private String write(List<Provider> providers) {
        text.append("# Data dictionary\n\n");
        text.append(
                "Made from the schemas in `avro/`, the topics' settings, the providers' lists of streams and the list of reasons;"
                        + " a test keeps it true.\nHow to read the topics is in [consumers.md](consumers.md).\n\n");
        text.append("| topic | key | policy | a record is |\n|---|---|---|---|\n");
        for (RecordType type : RecordType.values()) {
            text.append("| [`<prefix>.")
                    .append(type.suffix())
                    .append("`](#")
                    .append(type.suffix())
                    .append(") | `");
            text.append(Keys.key(type)).append("` | ").append(policy(type)).append(" | ");
            text.append(cell(type.schema().getDoc())).append(" |\n");
        }
        text.append("\nThe prefix is `usage` unless configured. `requests` and `checkpoints` are private.\n");
        for (RecordType type : RecordType.values()) {
            record(type);
        }
        streams(providers);
        reasons();
        return text.toString();
    }

    private static String policy(RecordType type) {
        Map<String, String> settings = PlannedTopics.all().getOrDefault(type.suffix(), Map.of());
        List<String> words = new ArrayList<>();
        words.add(settings.getOrDefault("cleanup.policy", "?"));
        days(settings, "retention.ms", "kept for", words);
        days(settings, "min.compaction.lag.ms", "every revision for", words);
        return String.join(", ", words);
    }

    private static void days(Map<String, String> settings, String name, String phrase, List<String> words) {
        if (settings.containsKey(name)) {
            words.add(phrase + " " + Long.parseLong(settings.getOrDefault(name, "0")) / DAY + " days");
        }
    }

    private void record(RecordType type) {
        Schema schema = type.schema();
        text.append("\n## ").append(type.suffix()).append("\n\n");
        text.append("`")
                .append(schema.getFullName())
                .append("`. ")
                .append(schema.getDoc())
                .append("\n\n");
        text.append("Without a registry a value begins with `")
                .append(prefix(schema))
                .append("`.\n\n");
        text.append("Headers (CloudEvents 1.0, binary mode): `ce_specversion` `1.0`, `ce_type` `")
                .append(type.eventType());
        text.append("`, `ce_source` `/<provider>/<source>/<stream>`, `ce_id` `").append(Keys.eventId(type));
        text.append("`, `ce_time` ").append(Keys.eventTime(type)).append(", `content-type` `application/avro`.\n\n");
        Map<String, Schema> nested = new TreeMap<>();
        fields(schema, nested);
        nested.forEach((name, inner) -> {
            text.append("\n### ")
                    .append(name)
                    .append("\n\n")
                    .append(inner.getDoc())
                    .append("\n\n");
            if (inner.getType() == Schema.Type.ENUM) {
                text.append(inner.getEnumSymbols().stream()
                                .map(s -> "`" + s + "`")
                                .collect(Collectors.joining(", ")))
                        .append("\n");
            } else {
                fields(inner, new TreeMap<>());
            }
        });
    }

    /** Of the single-object encoding: two marker bytes and the schema's fingerprint, the last byte first. */
    private static String prefix(Schema schema) {
        long fingerprint = Long.reverseBytes(SchemaNormalization.parsingFingerprint64(schema));
        return "c301" + HexFormat.of().toHexDigits(fingerprint);
    }

    private void fields(Schema schema, Map<String, Schema> nested) {
        text.append("| field | type | meaning |\n|---|---|---|\n");
        for (Schema.Field field : schema.getFields()) {
            text.append("| `").append(field.name()).append("` | ");
            text.append(type(field.schema(), nested)).append(" | ");
            text.append(cell(field.doc())).append(" |\n");
        }
    }

    private static String type(Schema schema, Map<String, Schema> nested) {
        LogicalType logical = schema.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal decimal) {
            return "decimal(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
        } else if (logical != null) {
            return logical.getName();
        }
        return switch (schema.getType()) {
            case UNION ->
                schema.getTypes().stream().map(inner -> type(inner, nested)).collect(Collectors.joining(" or "));
            case MAP -> "map of " + type(schema.getValueType(), nested);
            case RECORD, ENUM -> {
                nested.put(schema.getName(), schema);
                yield schema.getName();
            }
            default -> schema.getType().getName();
        };
    }

    private void streams(List<Provider> providers) {
        text.append(
                "\n## Streams\n\nWhat sources offer, and the dimensions that points carry when nothing else is configured.\n\n");
        text.append(
                "| provider | stream | topic | dimensions | also by name | width | lookback | read unless configured |\n");
        text.append("|---|---|---|---|---|---|---|---|\n");
        for (Provider provider : providers) {
            for (StreamType stream : provider.streams()) {
                text.append("| ")
                        .append(provider.name())
                        .append(" | `")
                        .append(stream.name())
                        .append("` | ");
                text.append(topic(stream))
                        .append(" | ")
                        .append(names(stream.dimensions()))
                        .append(" | ");
                text.append(names(stream.optionalDimensions().stream().sorted().toList()));
                text.append(" | ").append(width(stream)).append(" | ");
                text.append(stream.shape() == StreamType.Shape.ENTITIES ? "" : duration(stream.lookback()));
                text.append(" | ").append(stream.byDefault() ? "yes" : "no").append(" |\n");
            }
        }
        text.append(
                "\nOpenAI's costs carry the dimension `currency` besides. Measures are whatever numbers upstream's rows carry,"
                        + " under their own names in snake_case, each with its unit. What of `entities` is read, `fields` says: a stream's"
                        + " setting in the [README](../README.md#configuration).\n");
    }

    private void reasons() {
        text.append(
                "\n## Reasons\n\nWhy something was refused, delayed or set aside: in `progress`, `quarantine`, the console, the log and"
                        + " metrics. With a reason always comes a message that says more.\n\n");
        text.append("| reason | means | what to do |\n|---|---|---|\n");
        Arrays.stream(Reason.values())
                .sorted(Comparator.comparing(Reason::word))
                .forEach(reason -> text.append("| `")
                        .append(reason.word())
                        .append("` | ")
                        .append(cell(reason.meaning()))
                        .append(" | ")
                        .append(cell(reason.remedy()))
                        .append(" |\n"));
    }

    private static String topic(StreamType stream) {
        return switch (stream.shape()) {
            case BUCKETS, SERIES -> "points";
            case LOG -> "activity";
            case ENTITIES -> "entities";
        };
    }

    private static String width(StreamType stream) {
        return switch (stream.shape()) {
            case BUCKETS -> stream.defaultWidth().toString();
            case SERIES -> stream.name().equals("consumption") ? "the window" : "as upstream chooses";
            case LOG, ENTITIES -> "";
        };
    }

    private static String duration(Duration duration) {
        return duration.toHours() % 24 == 0 ? duration.toDays() + " d" : duration.toHours() + " h";
    }

    private static String names(List<String> names) {
        return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }

    private static String cell(String doc) {
        return doc.replace("|", "\\|")
                .replace("<", "&lt;")
                .replace("the closed list of reasons", "the [closed list of reasons](#reasons)");
    }
}
