package io.usagestream.sink.kafka;

import static io.usagestream.sink.kafka.TopicProblem.refused;
import static io.usagestream.sink.kafka.TopicProblem.warning;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;

/** What brokers must be able to do: transactions of the wanted length and kind. */
final class BrokerCheck {
    private static final String TRANSACTION_VERSION = "transaction.version";
    private static final int VERIFIED_TRANSACTIONS = 2;

    private final KafkaSettings kafka;
    private final TopicSettings settings;
    private final Commands commands;
    private final Admin admin;

    BrokerCheck(KafkaSettings kafka, TopicSettings settings, Commands commands, Admin admin) {
        this.kafka = kafka;
        this.settings = settings;
        this.commands = commands;
        this.admin = admin;
    }

    /** Brokers refuse transactions that may last longer than they allow. Who may not ask is not told. */
    Optional<TopicProblem> transactionTimeout(Collection<Node> brokers) throws ExecutionException {
        long wanted = Long.parseLong(
                ClientProperties.producer(kafka, 0).getOrDefault(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "60000"));
        try {
            ConfigResource broker = new ConfigResource(
                    ConfigResource.Type.BROKER, brokers.iterator().next().idString());
            return Optional.ofNullable(
                            Topics.get(admin.describeConfigs(List.of(broker)).all())
                                    .get(broker))
                    .map(config -> config.get("transaction.max.timeout.ms"))
                    .map(entry -> Long.parseLong(entry.value()))
                    .filter(allowed -> allowed < wanted)
                    .map(allowed -> refused(
                            "transaction.timeout.ms is " + wanted + ", the brokers allow at most " + allowed
                                    + " (transaction.max.timeout.ms)",
                            "kafka: {transaction.timeout.ms: " + allowed + "}"));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    int transactionVersion() throws ExecutionException {
        var level = Topics.get(admin.describeFeatures().featureMetadata())
                .finalizedFeatures()
                .get(TRANSACTION_VERSION);
        return level == null ? 0 : level.maxVersionLevel();
    }

    Optional<TopicProblem> oldTransactions(int version) {
        if (version >= VERIFIED_TRANSACTIONS) {
            return Optional.empty();
        }
        String what = "the brokers run transaction.version " + version
                + ": a late message of a dead instance may slip into its successor's transaction (KIP-890)";
        String command = commands.feature(TRANSACTION_VERSION, VERIFIED_TRANSACTIONS);
        return Optional.of(settings.refuseOldTransactions() ? refused(what, command) : warning(what, command));
    }
}
