package io.usagestream.it;

import static io.usagestream.contract.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.contract.LaneLogContract;
import io.usagestream.sink.LaneLog;
import io.usagestream.sink.kafka.KafkaLaneLog;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.stream.Split;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The lanes' contract on a real broker. */
class KafkaLaneLogTest extends LaneLogContract {
    private static Vertx vertx;
    private static int rounds;

    private KafkaSettings settings;
    private KafkaLaneLog log;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        await(vertx.close());
    }

    @BeforeEach
    void open() {
        SharedKafka kafka = SharedKafka.instance();
        KafkaSettings base = kafka.settings(2);
        settings = new KafkaSettings(
                Map.of(
                        "bootstrap.servers", kafka.bootstrapServers(),
                        "max.block.ms", "4000",
                        "request.timeout.ms", "2000",
                        "delivery.timeout.ms", "5000"),
                base.prefix(),
                2,
                "",
                base.registry(),
                new KafkaSettings.Limits(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(2)));
        assertThat(await(new Topics(vertx, settings, SharedKafka.topics()).prepare())
                        .problems())
                .isEmpty();
        log = new KafkaLaneLog(vertx, settings);
    }

    @AfterEach
    void close() {
        await(log.close());
    }

    @Override
    protected LaneLog log() {
        return log;
    }

    @Override
    protected List<String> visible(Split split) {
        return new CommittedRecords(settings).points(split);
    }

    /** The broker hears of every second one. */
    @Override
    protected void loseNextAnswer(int lane) {
        SharedKafka.instance().proxy().loseCommits(settings.prefix() + "-lane-" + lane, rounds++ % 2 == 0);
    }
}
