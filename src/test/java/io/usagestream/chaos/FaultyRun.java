package io.usagestream.chaos;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.usagestream.cli.ConfigOption;
import io.usagestream.config.Settings;
import io.usagestream.ingest.LogObserver;
import io.usagestream.ingest.Service;
import io.usagestream.sink.kafka.FaultyLaneLog;
import io.usagestream.sink.kafka.FaultyLaneLog.Fault;
import io.usagestream.sink.kafka.KafkaOwnership;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.TopicSettings;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.source.openai.OpenAi;
import io.usagestream.source.scenario.Scenario;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.LoggerFactory;

/** {@code run}, but with lanes that are kept wrongly. */
final class FaultyRun {
    private FaultyRun() {}

    /** @param arguments the fault, then those of {@code run} */
    public static void main(String[] arguments) {
        ((Logger) LoggerFactory.getLogger("io.usagestream")).setLevel(Level.INFO);
        Settings settings = ConfigOption.read(Path.of(arguments[3]));
        KafkaSettings kafka = new KafkaSettings(
                settings.kafka().values(),
                settings.topics().prefix(),
                settings.topics().lanes(),
                settings.instance(),
                Optional.empty(),
                KafkaSettings.Limits.DEFAULT);
        Vertx vertx = Vertx.vertx();
        Service service = new Service(
                vertx,
                new FaultyLaneLog(vertx, kafka, Fault.valueOf(arguments[0])),
                new KafkaOwnership(vertx, kafka),
                List.of(new OpenAi(Clock.systemUTC()), new Scenario(Clock.systemUTC())),
                settings.sources(),
                new LogObserver(),
                Clock.systemUTC(),
                RandomGenerator.getDefault());
        new Topics(
                        vertx,
                        kafka,
                        new TopicSettings(true, settings.topics().partitions(), -1, -1, Optional.empty(), false))
                .prepare()
                .compose(found -> service.start())
                .onFailure(e -> {
                    e.printStackTrace();
                    Runtime.getRuntime().halt(1);
                });
    }
}
