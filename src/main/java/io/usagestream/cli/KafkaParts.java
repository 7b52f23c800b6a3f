package io.usagestream.cli;

import io.usagestream.config.Settings;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.TopicSettings;

/** The configuration as Kafka's side of the service takes it. */
final class KafkaParts {
    private KafkaParts() {}

    static KafkaSettings kafka(Settings settings) {
        return new KafkaSettings(
                settings.kafka().values(),
                settings.topics().prefix(),
                settings.topics().lanes(),
                settings.instance(),
                settings.registry().map(r -> new KafkaSettings.Registry(r.url(), r.autoRegister())),
                KafkaSettings.Limits.DEFAULT);
    }

    static TopicSettings topics(Settings settings) {
        Settings.Topics topics = settings.topics();
        return new TopicSettings(
                topics.create(),
                topics.partitions(),
                topics.replicationFactor(),
                topics.minInsyncReplicas(),
                topics.pointsRetention(),
                settings.oldTransactions() == Settings.OldTransactions.REFUSE);
    }
}
