package io.usagestream.envelope;

import static io.usagestream.contract.Samples.NOW;
import static io.usagestream.contract.Samples.split;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.usagestream.avro.UsageActivity;
import io.usagestream.avro.UsagePoint;
import io.usagestream.contract.Samples;
import io.usagestream.stream.Entity;
import io.usagestream.stream.Finality;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.SplitState;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    private static final Split SPLIT = split("acme", "completions");
    private static final Split ACTIVITY = new Split("scenario", "studio", "activity");

    private final Envelope envelope = new Envelope(new WireFormat.SingleObject());
    private final Reader reader = new Reader();

    private static Stream<Publication> samples() {
        return Stream.of(
                Samples.point(SPLIT, "gpt-4o", 3),
                Samples.event(ACTIVITY, 1, Optional.of(Measure.of(new BigDecimal("1.5"), "cu"))),
                Samples.event(ACTIVITY, 2, Optional.empty()),
                Samples.progress(SPLIT),
                Samples.period(SPLIT),
                Samples.quarantined(SPLIT),
                new Publication.EntityChange(
                        ACTIVITY,
                        "scenario/studio/entities/models/m1",
                        new Entity("models", "m1", Optional.of("Ünïcode"), new TreeMap<>(Map.of("a", "b"))),
                        NOW));
    }

    private static Map<String, String> headers(Message message) {
        return message.headers().stream().collect(Collectors.toMap(Header::key, h -> new String(h.value(), UTF_8)));
    }

    @Test
    void every_record_reads_back_as_what_was_said_in_both_wire_formats() {
        Map<RecordType, Integer> ids = new EnumMap<>(RecordType.class);
        Arrays.stream(RecordType.values()).forEach(type -> ids.put(type, 1_000_000 + type.ordinal()));
        reader.learn(ids);
        for (WireFormat format : List.of(new WireFormat.SingleObject(), new WireFormat.Confluent(ids))) {
            Envelope framed = new Envelope(format);
            assertThat(samples()).allSatisfy(publication -> {
                Message message = framed.encode(publication);
                Split named =
                        CloudEvents.split(new RecordHeaders(message.headers())).orElseThrow();
                assertThat(reader.publication(message.type(), named, message.value()))
                        .isEqualTo(publication);
            });
        }
    }

    @Test
    void a_lent_message_is_what_it_would_be_in_arrays_of_its_own() {
        Envelope lending = Envelope.lending(new WireFormat.SingleObject());
        for (int round = 0; round < 2; round++) {
            for (int length = 1; length < 1_200; length += 7) {
                Publication point = Samples.point(SPLIT, "m".repeat(length), length);
                Message own = envelope.encode(point);
                Message lent = lending.encode(point);
                assertThat(lent.key()).isEqualTo(own.key());
                assertThat(lent.value()).isEqualTo(own.value());
                assertThat(headers(lent)).isEqualTo(headers(own));
            }
            assertThat(samples())
                    .allSatisfy(publication -> assertThat(
                                    lending.encode(publication).value())
                            .isEqualTo(envelope.encode(publication).value()));
        }
    }

    @Test
    void only_a_lent_message_is_written_over_by_the_next() {
        Message own = envelope.encode(Samples.point(SPLIT, "gpt-4o", 3));
        byte[] before = own.value().clone();
        envelope.encode(Samples.point(SPLIT, "gpt-5x", 4));
        assertThat(own.value()).isEqualTo(before);

        Envelope lending = Envelope.lending(new WireFormat.SingleObject());
        Message lent = lending.encode(Samples.point(SPLIT, "gpt-4o", 3));
        lending.encode(Samples.point(SPLIT, "gpt-5x", 4));
        assertThat(lent.value()).isNotEqualTo(before);
    }

    @Test
    void a_point_is_field_by_field_what_the_generated_class_reads() {
        UsagePoint point = (UsagePoint) reader.read(
                RecordType.POINT,
                envelope.encode(Samples.point(SPLIT, "gpt-4o", 3)).value());
        assertThat(point.getId()).isEqualTo("openai/acme/completions/1h/2026-11-19T10:00:00Z?model=gpt-4o&project_id");
        assertThat(point.getRevision()).isEqualTo(3);
        assertThat(point.getProvider()).isEqualTo("openai");
        assertThat(point.getSource()).isEqualTo("acme");
        assertThat(point.getStream()).isEqualTo("completions");
        assertThat(point.getGranularity()).isEqualTo("1h");
        assertThat(point.getBucketStart()).isEqualTo("2026-11-19T10:00:00Z");
        assertThat(point.getBucketEnd()).isEqualTo("2026-11-19T11:00:00Z");
        assertThat(point.getDimensions()).containsEntry("model", "gpt-4o").containsEntry("project_id", null);
        assertThat(point.getMeasures())
                .hasEntrySatisfying("input_tokens", tokens -> {
                    assertThat(tokens.getValue()).isEqualByComparingTo("3");
                    assertThat(tokens.getDelta()).isEqualByComparingTo("1");
                    assertThat(tokens.getUnit()).isEqualTo("tokens");
                    assertThat(tokens.getExact()).isNull();
                })
                .hasEntrySatisfying("amount", amount -> {
                    assertThat(amount.getValue()).isEqualByComparingTo("0");
                    assertThat(amount.getDelta()).isEqualByComparingTo("12345678901234567890.123456789012345678");
                    assertThat(amount.getUnit()).isEqualTo("usd");
                    assertThat(amount.getExact()).isEqualTo("-0.0000000000000000000125");
                });
        assertThat(point.getFinality()).isEqualTo(io.usagestream.avro.Finality.PROVISIONAL);
        assertThat(point.getObservedAt()).isEqualTo("2026-11-19T12:34:56.789Z");
    }

    @Test
    void an_event_without_a_cost_is_null_and_not_zero() {
        UsageActivity activity = (UsageActivity) reader.read(
                RecordType.ACTIVITY,
                envelope.encode(Samples.event(ACTIVITY, 1, Optional.empty())).value());
        assertThat(activity.getCreativeUnitsCost()).isNull();
        assertThat(activity.getByokProvider().getDisplayName()).isNull();
        activity = (UsageActivity) reader.read(
                RecordType.ACTIVITY,
                envelope.encode(Samples.event(ACTIVITY, 1, Optional.of(Measure.of(0, "cu"))))
                        .value());
        assertThat(activity.getCreativeUnitsCost()).isEqualByComparingTo("0");
    }

    @Test
    void headers_are_cloud_events_to_the_letter() {
        Message message = envelope.encode(Samples.point(SPLIT, "gpt-4o", 3));
        assertThat(new String(message.key(), UTF_8))
                .isEqualTo("openai/acme/completions/1h/2026-11-19T10:00:00Z?model=gpt-4o&project_id");
        assertThat(headers(message))
                .isEqualTo(Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "openai/acme/completions/1h/2026-11-19T10:00:00Z?model=gpt-4o&project_id#3",
                        "ce_source", "/openai/acme/completions",
                        "ce_type", "io.usagestream.point.v1",
                        "ce_time", "2026-11-19T10:00:00Z",
                        "content-type", "application/avro"));
        assertThat(headers(envelope.encode(Samples.event(ACTIVITY, 1, Optional.empty()))))
                .containsEntry("ce_type", "io.usagestream.activity.v1")
                .containsEntry("ce_time", "2026-11-19T09:08:07.123Z")
                .containsEntry("ce_source", "/scenario/studio/activity");
        assertThat(headers(envelope.encode(Samples.progress(SPLIT))))
                .containsEntry("ce_type", "io.usagestream.progress.v1")
                .containsEntry("ce_id", "acme/completions#" + NOW.toEpochMilli())
                .containsEntry("ce_time", "2026-11-19T12:34:56.789Z");
        assertThat(headers(envelope.encode(Samples.period(SPLIT))))
                .containsEntry("ce_type", "io.usagestream.period.v1")
                .containsEntry("ce_id", "acme/completions/2026-11-19#2")
                .containsEntry("ce_time", "2026-11-20T00:00:00Z");
        assertThat(headers(envelope.encode(Samples.quarantined(SPLIT))))
                .containsEntry("ce_type", "io.usagestream.quarantine.v1");
        assertThat(samples().map(p -> headers(envelope.encode(p)).get("ce_type")))
                .contains("io.usagestream.entity.v1");
    }

    @Test
    void without_a_registry_any_single_object_reader_decodes_it() throws Exception {
        GeneratedClasses.trust();
        byte[] value = envelope.encode(Samples.point(SPLIT, "gpt-4o", 3)).value();
        assertThat(value).startsWith(0xC3, 0x01);
        assertThat(UsagePoint.getDecoder()
                        .decode(new ByteArrayInputStream(value))
                        .getRevision())
                .isEqualTo(3);
    }

    @Test
    void a_schema_id_that_is_not_known_is_named_before_it_is_needed() {
        Map<RecordType, Integer> ids = new EnumMap<>(RecordType.class);
        Arrays.stream(RecordType.values()).forEach(type -> ids.put(type, 7));
        byte[] value = new Envelope(new WireFormat.Confluent(ids))
                .encode(Samples.progress(SPLIT))
                .value();
        assertThat(value).startsWith(0, 0, 0, 0, 7);
        assertThat(reader.unknownId(value)).hasValue(7);
        assertThatThrownBy(() -> reader.read(RecordType.PROGRESS, value)).isInstanceOf(UnreadableException.class);
        reader.learn(7, RecordType.PROGRESS.schemaText());
        assertThat(reader.unknownId(value)).isEmpty();
        assertThat(reader.publication(RecordType.PROGRESS, SPLIT, value)).isEqualTo(Samples.progress(SPLIT));
    }

    @Test
    void foreign_bytes_are_refused() {
        for (byte[] foreign : List.of(new byte[0], new byte[] {1, 2, 3}, "{\"json\":true}".getBytes(UTF_8))) {
            assertThatThrownBy(() -> reader.read(RecordType.POINT, foreign)).isInstanceOf(UnreadableException.class);
        }
        byte[] cut = Arrays.copyOf(envelope.encode(Samples.point(SPLIT, "m", 1)).value(), 40);
        assertThatThrownBy(() -> reader.read(RecordType.POINT, cut)).isInstanceOf(UnreadableException.class);
    }

    @Test
    void registered_schemas_are_those_of_the_avro_folder() throws Exception {
        for (RecordType type : RecordType.values()) {
            java.nio.file.Path file =
                    java.nio.file.Path.of("avro", type.schema().getName() + ".avsc");
            assertThat(new org.apache.avro.Schema.Parser()
                            .parse(type.schemaText())
                            .toString())
                    .isEqualTo(new org.apache.avro.Schema.Parser()
                            .parse(file.toFile())
                            .toString());
        }
    }

    @Test
    void symbols_are_listed_in_the_order_of_the_vocabulary() {
        assertThat(Arrays.stream(io.usagestream.avro.Finality.values()).map(Enum::name))
                .containsExactlyElementsOf(
                        Arrays.stream(Finality.values()).map(Enum::name).toList());
        assertThat(Arrays.stream(io.usagestream.avro.SplitState.values()).map(Enum::name))
                .containsExactlyElementsOf(
                        Arrays.stream(SplitState.values()).map(Enum::name).toList());
        assertThat(Arrays.stream(Reason.values()).map(r -> Publications.reason(r.word())))
                .containsExactly(Reason.values());
    }

    @Test
    void a_size_is_never_below_what_it_takes() {
        assertThat(samples()).allSatisfy(publication -> {
            Message message = envelope.encode(publication);
            assertThat(message.size()).isGreaterThan(message.key().length + message.value().length + 6 * 10);
        });
    }
}
