package io.usagestream.it;

import static io.usagestream.contract.Waiting.await;
import static io.usagestream.contract.Waiting.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.sink.SinkFailure;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.TopicProblem;
import io.usagestream.sink.kafka.TopicSettings;
import io.usagestream.sink.kafka.Topics;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicsTest {
    private final Vertx vertx = Vertx.vertx();
    private final KafkaSettings settings = SharedKafka.instance().settings(3);

    @AfterEach
    void stop() {
        await(vertx.close());
    }

    private Topics topics() {
        return new Topics(vertx, settings, SharedKafka.topics());
    }

    private Topics verifyingOnly() {
        return new Topics(vertx, settings, new TopicSettings(false, 2, -1, -1, Optional.empty(), true));
    }

    private ConfigResource topic(String suffix) {
        return new ConfigResource(ConfigResource.Type.TOPIC, settings.topic(suffix));
    }

    @Test
    void topics_are_created_with_their_policies_and_found_right_afterwards() throws Exception {
        assertThat(await(topics().prepare()).problems()).isEmpty();
        assertThat(await(verifyingOnly().verify())).isEqualTo(new Topics.Findings(List.of(), 2));
        try (Admin admin = Admin.create(Map.copyOf(settings.client()))) {
            assertThat(admin.describeTopics(List.of(settings.topic("checkpoints")))
                            .allTopicNames()
                            .get(30, TimeUnit.SECONDS)
                            .values())
                    .allSatisfy(t -> assertThat(t.partitions()).hasSize(3));
            Map<ConfigResource, Config> configs = admin.describeConfigs(
                            List.of(topic("activity"), topic("points"), topic("quarantine"), topic("checkpoints")))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            assertThat(configs)
                    .hasEntrySatisfying(topic("activity"), c -> {
                        assertThat(c.get("cleanup.policy").value()).isEqualTo("delete");
                        assertThat(c.get("retention.ms").value()).isEqualTo("7776000000");
                        assertThat(c.get("message.timestamp.type").value()).isEqualTo("CreateTime");
                    })
                    .hasEntrySatisfying(topic("points"), c -> {
                        assertThat(c.get("cleanup.policy").value()).isEqualTo("compact");
                        assertThat(c.get("min.compaction.lag.ms").value()).isEqualTo("3024000000");
                    })
                    .hasEntrySatisfying(
                            topic("quarantine"),
                            c -> assertThat(c.get("retention.ms").value()).isEqualTo("2592000000"))
                    .hasEntrySatisfying(topic("checkpoints"), c -> {
                        assertThat(c.get("cleanup.policy").value()).isEqualTo("compact");
                        assertThat(c.get("segment.ms").value()).isEqualTo("600000");
                        assertThat(c.get("segment.bytes").value()).isEqualTo("67108864");
                        assertThat(c.get("min.cleanable.dirty.ratio").value()).isEqualTo("0.1");
                        assertThat(c.get("max.compaction.lag.ms").value()).isEqualTo("3600000");
                    });
        }
    }

    @Test
    void missing_topics_are_refused_with_the_command_where_they_may_not_be_created() {
        Topics.Findings findings = await(verifyingOnly().prepare());
        assertThat(findings.refused()).isTrue();
        assertThat(findings.problems()).hasSize(8);
        assertThat(findings.problems()).anySatisfy(problem -> {
            assertThat(problem.what()).isEqualTo(settings.topic("checkpoints") + " is missing");
            assertThat(problem.remedy())
                    .startsWith("kafka-topics.sh --bootstrap-server 127.0.0.1:")
                    .contains(
                            "--create --topic " + settings.topic("checkpoints"),
                            "--partitions 3",
                            "--config cleanup.policy=compact");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "points, cleanup.policy, delete, REFUSED, cleanup.policy=compact",
        "points, cleanup.policy, 'compact,delete', REFUSED, cleanup.policy=compact",
        "checkpoints, cleanup.policy, delete, REFUSED, cleanup.policy=compact",
        "activity, cleanup.policy, compact, REFUSED, cleanup.policy=delete",
        "activity, message.timestamp.type, LogAppendTime, REFUSED, message.timestamp.type=CreateTime",
        "points, min.compaction.lag.ms, 0, REFUSED, min.compaction.lag.ms=3024000000",
        "activity, retention.ms, 1000000, WARNING, retention.ms=7776000000",
        "activity, retention.bytes, 1073741824, WARNING, retention.bytes=-1",
        "checkpoints, segment.ms, 604800000, WARNING, segment.ms=600000",
        "checkpoints, max.message.bytes, 524287, REFUSED, max.message.bytes=1048576",
        "checkpoints, max.message.bytes, 524288, WARNING, max.message.bytes=1048576",
        "entities, max.message.bytes, 1000, WARNING, max.message.bytes=1048576",
    })
    void a_policy_that_is_not_the_contracts_is_told_with_the_command_that_mends_it(
            String suffix, String name, String value, TopicProblem.Severity severity, String command) throws Exception {
        await(topics().prepare());
        try (Admin admin = Admin.create(Map.copyOf(settings.client()))) {
            admin.incrementalAlterConfigs(Map.of(
                            topic(suffix),
                            List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        List<TopicProblem> problems = new ArrayList<>();
        org.awaitility.Awaitility.await() // brokers hear of it a moment later
                .until(() -> problems.addAll(await(verifyingOnly().verify()).problems()));
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(severity);
            assertThat(problem.what()).contains(settings.topic(suffix), name, value);
            assertThat(problem.remedy())
                    .startsWith("kafka-configs.sh --bootstrap-server")
                    .endsWith("--entity-name " + settings.topic(suffix) + " --add-config " + command);
        });
    }

    @Test
    void another_number_of_lanes_is_refused() {
        await(topics().prepare());
        KafkaSettings more =
                new KafkaSettings(settings.client(), settings.prefix(), 4, "", settings.registry(), settings.limits());
        assertThat(await(new Topics(vertx, more, SharedKafka.topics()).prepare())
                        .problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.severity()).isEqualTo(TopicProblem.Severity.REFUSED);
                    assertThat(problem.what()).contains("3 partitions", "lanes_changed");
                    assertThat(problem.remedy()).isEqualTo("topics: {lanes: 3}");
                });
    }

    @Test
    void a_transaction_that_may_last_longer_than_the_brokers_allow_is_refused() {
        KafkaSettings patient =
                SharedKafka.instance().settings(settings.prefix(), 3, Map.of("transaction.timeout.ms", "86400000"));
        assertThat(await(new Topics(vertx, patient, SharedKafka.topics()).prepare())
                        .problems())
                .singleElement()
                .satisfies(
                        problem -> assertThat(problem.remedy()).isEqualTo("kafka: {transaction.timeout.ms: 900000}"));
    }

    @Test
    void a_client_that_takes_no_record_of_state_is_refused() {
        KafkaSettings small =
                SharedKafka.instance().settings(settings.prefix(), 3, Map.of("max.request.size", "524287"));
        assertThat(await(new Topics(vertx, small, SharedKafka.topics()).prepare())
                        .problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.severity()).isEqualTo(TopicProblem.Severity.REFUSED);
                    assertThat(problem.what()).contains("max.request.size is 524287", "524288");
                    assertThat(problem.remedy()).isEqualTo("kafka: {max.request.size: 1048576}");
                });
    }

    @Test
    void points_may_be_deleted_after_a_time_where_that_is_asked_for() {
        TopicSettings retained = new TopicSettings(true, 2, -1, -1, Optional.of(Duration.ofDays(400)), true);
        assertThat(await(new Topics(vertx, settings, retained).prepare()).problems())
                .isEmpty();
        assertThat(await(new Topics(vertx, settings, retained).verify()).problems())
                .isEmpty();
    }

    @Test
    void a_broker_that_cannot_be_reached_is_a_failure_that_passes() {
        KafkaSettings nowhere = new KafkaSettings(
                Map.of(
                        "bootstrap.servers",
                        "127.0.0.1:1",
                        "default.api.timeout.ms",
                        "1500",
                        "request.timeout.ms",
                        "1000"),
                "x",
                3,
                "",
                Optional.empty(),
                settings.limits());
        assertThat(failure(new Topics(vertx, nowhere, SharedKafka.topics()).prepare()))
                .isInstanceOf(SinkFailure.Aborted.class);
    }
}
