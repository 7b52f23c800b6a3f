package io.usagestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.dev.audit.Audit;
import io.usagestream.dev.upstream.ledger.Meter;
import io.usagestream.dev.upstream.ledger.StudioEvent;
import io.usagestream.dev.upstream.ledger.StudioQuery;
import io.usagestream.dev.upstream.ledger.Usage;
import io.usagestream.envelope.RecordType;
import io.usagestream.it.OpenTransaction;
import io.usagestream.it.SharedKafka;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Window;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** State that is lost: refused at the start, rebuilt by {@code recover}, and nothing is published twice. */
class RecoverTest {
    private static final List<RecordType> DATA =
            List.of(RecordType.POINT, RecordType.ACTIVITY, RecordType.ENTITY, RecordType.PERIOD, RecordType.QUARANTINE);

    @TempDir
    Path folder;

    private CommandStage stage() throws Exception {
        return new CommandStage(
                folder,
                Duration.ofDays(3),
                "{embeddings: {}, completions: {bucket-width: 1h}, costs: {lookback: 24h}}",
                "{activity: {}, usages: {}, model-usages: {}, consumption: {},"
                        + " entities: {enabled: true, fields: [models.name]}}");
    }

    @Test
    void aDeletedCheckpointsTopicIsRefusedAndRebuiltAndNothingIsPublishedTwice() throws Exception {
        try (CommandStage stage = stage();
                Admin admin = Admin.create(Map.copyOf(stage.kafka().client()))) {
            String checkpoints = stage.kafka().topic("checkpoints");
            stage.catchUp();
            Map<RecordType, Integer> published = counts(stage);
            admin.deleteTopics(List.of(checkpoints)).all().get(30, TimeUnit.SECONDS);
            Awaitility.await()
                    .until(() -> !admin.listTopics()
                            .names()
                            .get(30, TimeUnit.SECONDS)
                            .contains(checkpoints));

            CommandStage.Said refused = stage.run("run", "--until-caught-up");

            assertThat(refused.status()).isEqualTo(ExitStatus.CONFIGURATION);
            assertThat(refused.err()).contains(checkpoints + " is gone", "acme-1/completions", "usagestream recover");
            assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS)).doesNotContain(checkpoints);
            assertThat(counts(stage)).isEqualTo(published);
            recoverAndGoOn(stage, published);
        }
    }

    @Test
    void anEmptiedCheckpointsTopicIsRefusedAndRebuilt() throws Exception {
        try (CommandStage stage = stage();
                Admin admin = Admin.create(Map.copyOf(stage.kafka().client()))) {
            stage.catchUp();
            Map<RecordType, Integer> published = counts(stage);
            empty(admin, stage.kafka().topic("checkpoints"));

            CommandStage.Said refused = stage.run("run");

            assertThat(refused.status()).isEqualTo(ExitStatus.CONFIGURATION);
            assertThat(refused.err()).contains("is empty where their state was", "usagestream recover");
            recoverAndGoOn(stage, published);
        }
    }

    /** What stands behind it would else be missing from the state, and be published a second time. */
    @Test
    void whatStandsBehindATransactionThatDoesNotEndIsNotLeftOut() throws Exception {
        try (CommandStage stage = stage();
                Admin admin = Admin.create(Map.copyOf(stage.kafka().client()))) {
            stage.catchUp();
            KafkaSettings own = stage.kafka();
            stage.connect(
                    SharedKafka.instance().settings(own.prefix(), 2, Map.of("transaction.timeout.ms", "3000")), true);
            Map<RecordType, Integer> published;
            try (OpenTransaction foreign = new OpenTransaction(own, own.topic("points"), "somebody")) {
                grow(stage);
                stage.catchUp();
                empty(admin, own.topic("checkpoints"));

                CommandStage.Said refused = stage.run("recover");

                assertThat(refused.status()).isEqualTo(ExitStatus.FAILED);
                assertThat(refused.err())
                        .contains("an open transaction hides the end of " + own.topic("points"))
                        .contains("find-hanging --topic " + own.topic("points"));
                foreign.abort();
                published = counts(stage);
            }
            assertThat(stage.run("recover").status()).isZero();
            stage.catchUp();
            assertThat(counts(stage)).isEqualTo(published);
        }
    }

    /** As with a retention shorter than planned, in time or in bytes: what is not known above the floor would be new. */
    @Test
    void daysOfWhichTheTopicHasForgottenRowsAreNotPublishedAgain() throws Exception {
        try (CommandStage stage = stage();
                Admin admin = Admin.create(Map.copyOf(stage.kafka().client()))) {
            stage.catchUp();
            delete(admin, stage.kafka().topic("activity"), 4);
            long published = eventsOfClosedDays(stage);
            empty(admin, stage.kafka().topic("checkpoints"));

            CommandStage.Said recovered = stage.run("recover");

            assertThat(recovered.status()).as(recovered.err()).isZero();
            Instant day = stage.start();
            String end = day.plus(Duration.ofDays(1)).toString();
            CommandStage.Said again =
                    stage.run("backfill", "--source", "studio-1", "--from", day.toString(), "--to", end);
            assertThat(eventsOfClosedDays(stage)).isEqualTo(published);
            assertThat(again.err()).contains("expired");
            assertThat(recovered.err())
                    .containsOnlyOnce("of the day before the topic no longer has all rows")
                    .containsPattern("studio-1/activity: .* no longer has all rows");
        }
    }

    private static void recoverAndGoOn(CommandStage stage, Map<RecordType, Integer> published) {
        CommandStage.Said recovered = stage.run("recover");
        assertThat(recovered.status()).as(recovered.err()).isZero();
        assertThat(recovered.err()).contains("Recovered the state of 8 streams");

        stage.catchUp();

        assertThat(counts(stage)).isEqualTo(published);
        assertThat(stage.audit()).allSatisfy(finding -> assertThat(finding).matches(Audit.Finding::equal));
        assertThat(stage.run("recover").err()).contains("Nothing is missing");

        changesStillBecomeTheNextRevisions(stage, published);
    }

    /** Within the lookback: the next pass finds them, and what is gone is retracted with what the rebuilt segments hold. */
    private static void changesStillBecomeTheNextRevisions(CommandStage stage, Map<RecordType, Integer> published) {
        Instant hour = grow(stage);
        StudioEvent gone = stage.ledger()
                .events(StudioQuery.of(1, hour, hour.plusSeconds(3_600)))
                .get(0);
        stage.ledger().strike(1, gone);

        stage.catchUp();

        assertThat(counts(stage).get(RecordType.POINT)).isGreaterThan(published.get(RecordType.POINT));
        assertThat(stage.records(RecordType.POINT).stream()
                        .map(PointRevision.class::cast)
                        .filter(point -> point.revision() == 2))
                .isNotEmpty();
        assertThat(stage.audit()).allSatisfy(finding -> assertThat(finding).matches(Audit.Finding::equal));
    }

    /** Changes a row of completions. */
    private static Instant grow(CommandStage stage) {
        Instant hour = stage.ledger().asOf().minus(Duration.ofHours(5));
        Usage grown = stage.ledger()
                .pieces(1, Meter.COMPLETIONS, hour, hour.plusSeconds(3_600))
                .get(0);
        stage.ledger().strike(1, grown);
        return hour;
    }

    private static long eventsOfClosedDays(CommandStage stage) {
        Instant end = stage.records(RecordType.PERIOD).stream()
                .map(Period.class::cast)
                .map(period -> Window.startOf(period.day().plusDays(1)))
                .max(Instant::compareTo)
                .orElseThrow();
        return stage.records(RecordType.ACTIVITY).stream()
                .filter(event -> event.time().isBefore(end))
                .count();
    }

    private static Map<RecordType, Integer> counts(CommandStage stage) {
        Map<RecordType, Integer> counts = new EnumMap<>(RecordType.class);
        DATA.forEach(type -> counts.put(type, stage.records(type).size()));
        return counts;
    }

    /** Kafka deletes records only of topics whose policy says so: as when somebody "cleans up". */
    private static void empty(Admin admin, String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        policy(admin, resource, "compact,delete");
        delete(admin, topic, 1);
        policy(admin, resource, "compact");
    }

    /** Deletes the first of a topic's records, one of so many. */
    private static void delete(Admin admin, String topic, int share) throws Exception {
        List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
        Map<TopicPartition, RecordsToDelete> all = admin
                .listOffsets(partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())))
                .all()
                .get(30, TimeUnit.SECONDS)
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        end -> RecordsToDelete.beforeOffset(end.getValue().offset() / share)));
        Awaitility.await().ignoreExceptions().until(() -> {
            admin.deleteRecords(all).all().get(30, TimeUnit.SECONDS);
            return true;
        });
    }

    private static void policy(Admin admin, ConfigResource topic, String policy) throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        topic,
                        List.of(new AlterConfigOp(
                                new ConfigEntry("cleanup.policy", policy), AlterConfigOp.OpType.SET))))
                .all()
                .get(30, TimeUnit.SECONDS);
    }
}
