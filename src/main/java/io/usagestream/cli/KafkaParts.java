package io.usagestream.cli;

import io.usagestream.config.Settings;
import io.usagestream.query.CommittedTopics;
import io.usagestream.query.RegistrySchemas;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.TopicSettings;
import io.usagestream.sink.kafka.WholeTopics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The configuration as Kafka's side of the service takes it. */
final class KafkaParts {
    /** How late brokers may abort a transaction that took too long: they look every ten seconds. */
    private static final Duration CLEANUP = Duration.ofSeconds(15);

    private KafkaParts() {}

    static KafkaSettings kafka(Settings settings) {
        return new KafkaSettings(
                settings.kafka().values(),
                settings.topics().prefix(),
                settings.topics().lanes(),
                settings.instance(),
                settings.registry().map(r -> new KafkaSettings.Registry(r.url(), r.autoRegister())),
                KafkaSettings.Limits.DEFAULT.within(
                        transactionTimeout(settings.kafka().values())));
    }

    private static Duration transactionTimeout(Map<String, String> client) {
        return Optional.ofNullable(client.get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG))
                .filter(text -> text.matches("\\d{1,10}"))
                .map(text -> Duration.ofMillis(Long.parseLong(text)))
                .orElse(Duration.ofMinutes(1));
    }

    /** The topics as anybody reads them; to be closed. */
    static CommittedTopics committed(Settings settings) {
        return new CommittedTopics(settings.kafka().values(), settings.topics().prefix());
    }

    /** Where topics end for a command that must not miss what was committed before it; to be closed. */
    static WholeTopics whole(Settings settings) {
        Duration left = transactionTimeout(settings.kafka().values());
        return new WholeTopics(kafka(settings), left.plus(CLEANUP));
    }

    /** The topics up to those ends; to be closed. */
    static CommittedTopics committed(Settings settings, WholeTopics whole) {
        return new CommittedTopics(settings.kafka().values(), settings.topics().prefix(), whole::ends);
    }

    /** The schemas that their records name; to be closed. */
    static RegistrySchemas schemas(Settings settings) {
        return new RegistrySchemas(settings.registry().map(Settings.Registry::url));
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
