package io.usagestream.chaos;

import io.usagestream.it.KafkaProxy;
import java.util.Optional;

/** The brokers of a stage, each a process of its own. */
interface Cluster extends AutoCloseable {
    String bootstrapServers();

    /** What stands between the brokers and their clients, where something does. */
    Optional<KafkaProxy> proxy();

    /** Answers to commits that were kept from clients. */
    int lostAnswers();

    /** Kills a broker with {@code kill -9}. */
    void strike(Runnable meanwhile);

    /** Everything is there and in order again. */
    void heal();

    @Override
    void close();
}
