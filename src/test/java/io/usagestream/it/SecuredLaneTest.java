package io.usagestream.it;

import static io.usagestream.contract.Samples.batch;
import static io.usagestream.contract.Samples.checkpoint;
import static io.usagestream.contract.Waiting.await;
import static io.usagestream.contract.Waiting.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.contract.Samples;
import io.usagestream.query.PointFeed;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.Ownership;
import io.usagestream.sink.SinkFailure;
import io.usagestream.sink.kafka.GroupOwners;
import io.usagestream.sink.kafka.KafkaLaneLog;
import io.usagestream.sink.kafka.KafkaOwnership;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.text.SimpleDateFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a lane that loses its permission, its password or its trust while it runs, and when it gets them back. */
@Tag("chaos")
class SecuredLaneTest {
    private static final Split SPLIT = Samples.split("acme", "completions");

    @TempDir
    static Path folder;

    private static SecuredKafka broker;
    private static Vertx vertx;

    @BeforeAll
    static void start() throws Exception {
        broker = new SecuredKafka(folder);
        vertx = Vertx.vertx();
        await(new Topics(vertx, settings(broker.operator()), SharedKafka.topics()).prepare());
    }

    @AfterAll
    static void stop() {
        await(vertx.close());
        broker.close();
    }

    private static KafkaSettings settings(Map<String, String> client) {
        Map<String, String> impatient = new HashMap<>(client);
        impatient.put("max.block.ms", "4000");
        impatient.put("default.api.timeout.ms", "5000");
        impatient.put("request.timeout.ms", "4000");
        return new KafkaSettings(impatient, "secured", 1, "", Optional.empty(), KafkaSettings.Limits.DEFAULT);
    }

    private static SinkFailure.Refused refused(Future<?> future) {
        SinkFailure failure = failure(future);
        assertThat(failure).isInstanceOf(SinkFailure.Refused.class);
        return (SinkFailure.Refused) failure;
    }

    private static AclBinding acl(AclOperation operation, ResourceType type, String name, PatternType pattern) {
        return SecuredKafka.acl("lane", operation, new ResourcePattern(type, name, pattern));
    }

    @Test
    void a_permission_that_is_taken_away_refuses_the_lane_by_name_until_it_is_back() throws Exception {
        AclBinding points = acl(AclOperation.WRITE, ResourceType.TOPIC, "secured.points", PatternType.LITERAL);
        AclBinding transactions =
                acl(AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, "secured-lane-", PatternType.PREFIXED);
        broker.grant(List.of(
                points,
                transactions,
                acl(AclOperation.WRITE, ResourceType.TOPIC, "secured.checkpoints", PatternType.LITERAL),
                acl(AclOperation.READ, ResourceType.TOPIC, "secured.checkpoints", PatternType.LITERAL),
                acl(AclOperation.READ, ResourceType.TOPIC, "secured.progress", PatternType.LITERAL)));
        KafkaLaneLog log = new KafkaLaneLog(vertx, settings(broker.user("lane", broker.enroll("lane"))));
        LaneSession session = await(log.open(0, name -> true));
        await(session.commit(List.of(batch(SPLIT, 1, "m"))));

        broker.revoke(List.of(points));
        Thread.sleep(300);
        SinkFailure.Refused forbidden = refused(session.commit(List.of(batch(SPLIT, 2, "m"))));
        assertThat(forbidden.reason()).isEqualTo(Reason.FORBIDDEN);
        assertThat(forbidden.message())
                .contains(
                        "not authorized to Write on topic secured.points",
                        "--allow-principal User:lane --operation Write --topic secured.points");
        await(session.close());

        broker.grant(List.of(points));
        broker.revoke(List.of(transactions));
        Thread.sleep(300);
        SinkFailure.Refused unfenced = refused(log.open(0, name -> true));
        assertThat(unfenced.reason()).isEqualTo(Reason.FORBIDDEN);
        assertThat(unfenced.message())
                .contains(
                        "not authorized to Write on every transactional id secured-lane-*",
                        "--transactional-id secured-lane- --resource-pattern-type prefixed");

        broker.grant(List.of(transactions));
        Thread.sleep(300);
        LaneSession again = await(log.open(0, name -> true));
        assertThat(again.restored().checkpoints()).containsValue(checkpoint(SPLIT, 1));
        await(again.commit(List.of(batch(SPLIT, 2, "m"))));
        await(again.close());
        await(log.close());
    }

    @Test
    void a_wrong_password_is_told_with_the_user_and_the_setting() {
        KafkaLaneLog log = new KafkaLaneLog(vertx, settings(broker.user("operator", "wrong")));
        SinkFailure.Refused refused = refused(log.open(0, name -> true));
        assertThat(refused.reason()).isEqualTo(Reason.AUTH_REJECTED);
        assertThat(refused.message())
                .contains("refuse the credentials of operator", "kafka.sasl.jaas.config")
                .doesNotContain("wrong");
        await(log.close());
    }

    /** The handshake ends before a word of Kafka's is said, so whoever shows the certificate will do; a broker would not start with it. */
    @Test
    void an_expired_certificate_is_told_with_its_date() throws Exception {
        Certificates certificates = Certificates.expired(Files.createDirectory(folder.resolve("expired")));
        try (TlsServer server = new TlsServer(certificates)) {
            KafkaLaneLog log = new KafkaLaneLog(
                    vertx,
                    settings(Map.of(
                            "bootstrap.servers",
                            "127.0.0.1:" + server.port(),
                            "security.protocol",
                            "SSL",
                            "ssl.truststore.type",
                            "PEM",
                            "ssl.truststore.location",
                            certificates.authority().toString())));
            SinkFailure.Refused refused = refused(log.open(0, name -> true));
            assertThat(refused.reason()).isEqualTo(Reason.TLS);
            String day = new SimpleDateFormat("EEE MMM dd ", Locale.US)
                    .format(Date.from(Instant.now().minus(Duration.ofDays(1))));
            assertThat(refused.message())
                    .contains("a certificate of the brokers at 127.0.0.1:" + server.port() + " expired on " + day)
                    .contains("renew it there")
                    .doesNotContain("truststore");
            await(log.close());
        }
    }

    /** As when the brokers' certificate is renewed by another authority: the file is replaced, nobody restarts. */
    @Test
    void a_renewed_authority_needs_no_restart() throws Exception {
        Path strangers = Files.createDirectory(folder.resolve("strangers"));
        Path trusted = folder.resolve("trusted.crt");
        Files.copy(Certificates.make(strangers).authority(), trusted);
        Map<String, String> client = new HashMap<>(broker.operator());
        client.put("ssl.truststore.location", trusted.toString());
        KafkaLaneLog log = new KafkaLaneLog(vertx, settings(client));
        GroupOwners owners = new GroupOwners(vertx, settings(client));
        KafkaOwnership ownership = new KafkaOwnership(vertx, settings(client));
        Set<Integer> lanes = new ConcurrentSkipListSet<>();
        await(ownership.join(new Ownership.Listener() {
            @Override
            public void assigned(int lane) {
                lanes.add(lane);
            }

            @Override
            public Future<Void> revoked(int lane) {
                return Future.succeededFuture();
            }

            @Override
            public void lost(int lane) {}
        }));
        Set<String> charted = new ConcurrentSkipListSet<>();
        PointFeed feed = new PointFeed(
                settings(client).client(),
                "secured",
                Optional.empty(),
                Samples.START.minusSeconds(1),
                point -> charted.add(point.split().name()));
        feed.start();
        SinkFailure.Refused refused = refused(log.open(0, name -> true));
        assertThat(refused.reason()).isEqualTo(Reason.TLS);
        assertThat(refused.message()).contains("no TLS with the brokers", "kafka.ssl.truststore.location");
        assertThat(owners.ask()
                        .transform(answer -> Future.succeededFuture(answer.failed()))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join())
                .isTrue();

        Files.copy(broker.authority(), trusted, StandardCopyOption.REPLACE_EXISTING);

        Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(() -> {
            LaneSession session = await(log.open(0, name -> true));
            await(session.commit(List.of(batch(SPLIT, 1, "m"))));
            await(session.close());
        });
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> charted.contains(SPLIT.name()));
        feed.close();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> lanes.contains(0));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> await(owners.ask()).containsKey(0));
        await(ownership.leave());
        await(owners.close());
        await(log.close());
    }
}
