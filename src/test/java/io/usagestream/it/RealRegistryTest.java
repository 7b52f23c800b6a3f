package io.usagestream.it;

import static io.usagestream.contract.Samples.batch;
import static io.usagestream.contract.Waiting.await;
import static io.usagestream.contract.Waiting.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.contract.Samples;
import io.usagestream.sink.LaneNumber;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.SinkFailure;
import io.usagestream.sink.kafka.KafkaLaneLog;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the small registry of the other tests is said to do, on a registry that others wrote. */
class RealRegistryTest {
    private static final Split SPLIT = Samples.split("acme", "completions");
    private static final int LANE = LaneNumber.of(SPLIT.source(), 2);

    private final Vertx vertx = Vertx.vertx();
    private final KafkaSettings base = SharedKafka.instance().settings(2);
    private Apicurio registry = Apicurio.start();

    @BeforeEach
    void topics() {
        await(new Topics(vertx, base, SharedKafka.topics()).prepare());
    }

    @AfterEach
    void stop() {
        registry.close();
        await(vertx.close());
    }

    private KafkaLaneLog log() {
        Optional<KafkaSettings.Registry> confluent = Optional.of(new KafkaSettings.Registry(registry.url(), true));
        return new KafkaLaneLog(
                vertx, new KafkaSettings(base.client(), base.prefix(), 2, "", confluent, base.limits()));
    }

    private void commitOne(KafkaLaneLog log, int revision) {
        LaneSession session = await(log.open(LANE, name -> true));
        await(session.commit(List.of(batch(SPLIT, revision, "m"))));
        await(session.close());
        await(log.close());
    }

    private List<ConsumerRecord<byte[], byte[]>> points() {
        return new CommittedRecords(base).of("points");
    }

    @Test
    void outages_are_outlived_with_kept_ids_and_waited_for_at_a_first_start() {
        int port = registry.port();
        registry.close();
        KafkaLaneLog tooEarly = log();
        assertThat(failure(tooEarly.open(LANE, name -> true))).isInstanceOf(SinkFailure.Aborted.class);
        await(tooEarly.close());

        registry = Apicurio.start(port);
        commitOne(log(), 1);
        assertThat(registry.send("GET", "/subjects", ""))
                .contains(base.prefix() + ".activity-value")
                .contains(base.prefix() + ".points-value")
                .contains(base.prefix() + ".entities-value")
                .contains(base.prefix() + ".progress-value")
                .contains(base.prefix() + ".periods-value")
                .contains(base.prefix() + ".quarantine-value");

        registry.close();
        commitOne(log(), 2);
        assertThat(points()).hasSize(2);
        assertThat(points().get(1).value())
                .startsWith(Arrays.copyOf(points().get(0).value(), 5));
    }

    @Test
    void a_subject_that_holds_something_incompatible_is_refused_by_name_and_nothing_is_committed() {
        String subject = base.prefix() + ".points-value";
        registry.send(
                "PUT",
                "/config",
                new JsonObject().put("compatibility", "BACKWARD").toString());
        String other = """
                {"type":"record","name":"UsagePoint","namespace":"io.usagestream.avro","fields":[{"name":"id","type":"long"}]}""";
        registry.send(
                "POST",
                "/subjects/" + subject + "/versions",
                new JsonObject().put("schema", other).toString());
        KafkaLaneLog log = log();
        SinkFailure failure = failure(log.open(LANE, name -> true));
        assertThat(failure)
                .isInstanceOfSatisfying(
                        SinkFailure.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.CONFLICT));
        assertThat(failure.message()).contains(subject).contains("incompatible");
        assertThat(points()).isEmpty();
        await(log.close());
    }
}
