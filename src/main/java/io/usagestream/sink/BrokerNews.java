package io.usagestream.sink;

/** What a log tells of the brokers behind it, beside what becomes of commits. Called on lanes' workers: implementations are thread-safe. */
public interface BrokerNews {
    /** Nobody listens. */
    BrokerNews NONE = (topic, before, now) -> {};

    /** A topic of records has more partitions than before: from now on a key may lie in another one than its earlier records. */
    void partitionsAdded(String topic, int before, int now);
}
