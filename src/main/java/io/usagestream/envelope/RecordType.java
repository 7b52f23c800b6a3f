package io.usagestream.envelope;

import io.usagestream.avro.Entity;
import io.usagestream.avro.Period;
import io.usagestream.avro.Progress;
import io.usagestream.avro.Quarantine;
import io.usagestream.avro.UsageActivity;
import io.usagestream.avro.UsagePoint;
import io.usagestream.source.StreamType.Shape;
import io.usagestream.stream.Publication;
import java.util.Arrays;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;

/** The kinds of records that consumers read: each has a topic, a schema and a CloudEvents type of its own. */
@SuppressWarnings("ImmutableEnumChecker") // a schema does not change once it is parsed
public enum RecordType {
    ACTIVITY("activity", "activity", UsageActivity.class, UsageActivity.getClassSchema()),
    POINT("points", "point", UsagePoint.class, UsagePoint.getClassSchema()),
    ENTITY("entities", "entity", Entity.class, Entity.getClassSchema()),
    PROGRESS("progress", "progress", Progress.class, Progress.getClassSchema()),
    PERIOD("periods", "period", Period.class, Period.getClassSchema()),
    QUARANTINE("quarantine", "quarantine", Quarantine.class, Quarantine.getClassSchema());

    private final String suffix;
    private final String eventType;
    private final Class<? extends SpecificRecordBase> record;
    private final Schema schema;
    private final String schemaText;

    RecordType(String suffix, String word, Class<? extends SpecificRecordBase> record, Schema schema) {
        this.suffix = suffix;
        this.eventType = "io.usagestream." + word + ".v1";
        this.record = record;
        this.schema = schema;
        this.schemaText = withoutJavaHints(schema);
    }

    /** The type of record that a publication becomes. */
    public static RecordType of(Publication publication) {
        if (publication instanceof Publication.PointRevision) {
            return POINT;
        } else if (publication instanceof Publication.EventRevision) {
            return ACTIVITY;
        } else if (publication instanceof Publication.EntityChange) {
            return ENTITY;
        } else if (publication instanceof Publication.QuarantinedRow) {
            return QUARANTINE;
        } else if (publication instanceof Publication.Progress) {
            return PROGRESS;
        }
        return PERIOD;
    }

    /** The type of record that a stream's rows become. */
    public static RecordType of(Shape shape) {
        return switch (shape) {
            case BUCKETS, SERIES -> POINT;
            case LOG -> ACTIVITY;
            case ENTITIES -> ENTITY;
        };
    }

    /** The type whose topic ends so: {@code points}. */
    public static Optional<RecordType> ofTopic(String suffix) {
        return Arrays.stream(values()).filter(t -> t.suffix.equals(suffix)).findFirst();
    }

    /** The last word of the topic's name. */
    public String suffix() {
        return suffix;
    }

    public String topic(String prefix) {
        return prefix + "." + suffix;
    }

    /** The registry's subject for the topic's values. */
    public String subject(String prefix) {
        return topic(prefix) + "-value";
    }

    /** The CloudEvents type. */
    public String eventType() {
        return eventType;
    }

    public Schema schema() {
        return schema;
    }

    /** The schema as it is registered: as in {@code avro/}, without what only Java's generated classes want. */
    public String schemaText() {
        return schemaText;
    }

    Class<? extends SpecificRecordBase> record() {
        return record;
    }

    private static String withoutJavaHints(Schema schema) {
        return schema.toString()
                .replace("{\"type\":\"string\",\"avro.java.string\":\"String\"}", "\"string\"")
                .replace(",\"avro.java.string\":\"String\"", "");
    }
}
