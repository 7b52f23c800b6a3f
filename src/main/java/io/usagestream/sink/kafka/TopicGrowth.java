package io.usagestream.sink.kafka;

import io.usagestream.envelope.RecordType;
import io.usagestream.sink.BrokerNews;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many partitions the topics of records have, as all lanes of this process together have seen; that one got more is told once.
 *
 * <p>Nothing is wrong then, and nothing can be done about it: a key's partition depends on their number, so records of one key lie in
 * two partitions from then on, and only {@code id} and {@code revision} say which is the last. Lanes hear of it at different times,
 * some of the old number after others have heard of the new one.
 */
final class TopicGrowth {
    private static final Logger LOG = LoggerFactory.getLogger(TopicGrowth.class);

    private final KafkaSettings settings;
    private final BrokerNews news;
    private final Map<String, Integer> most = new HashMap<>();

    TopicGrowth(KafkaSettings settings, BrokerNews news) {
        this.settings = settings;
        this.news = news;
    }

    /** Asks the brokers about all topics of records. Blocks; that they do not answer does no harm. */
    void ask(Offsets offsets) {
        List<String> topics = Arrays.stream(RecordType.values())
                .map(type -> type.topic(settings.prefix()))
                .toList();
        harmless(() -> offsets.counts(topics).forEach(this::seen));
    }

    /** Looks at what a producer knows of topics that it has just written to: it asks for that every {@code metadata.max.age.ms}. */
    void written(Producer<byte[], byte[]> producer, Collection<String> topics) {
        harmless(() -> topics.forEach(
                topic -> seen(topic, producer.partitionsFor(topic).size())));
    }

    private static void harmless(Runnable look) {
        try {
            look.run();
        } catch (KafkaException | IllegalStateException e) { // also of a producer that was cut off meanwhile
            LOG.debug("the number of partitions is not known", e);
        }
    }

    private void seen(String topic, int now) {
        int before = most(topic, now);
        if (before < now) {
            LOG.atWarn()
                    .addKeyValue("topic", topic)
                    .addKeyValue("before", before)
                    .addKeyValue("now", now)
                    .log("a topic got more partitions: a key's later records may lie in another one than its earlier"
                            + " records, so that only id and revision say which is the last");
            news.partitionsAdded(topic, before, now);
        }
    }

    /** The most that were seen before. Of lanes that see more at the same time only the first is told the old number. */
    private synchronized int most(String topic, int now) {
        int before = most.getOrDefault(topic, now);
        most.put(topic, Math.max(before, now));
        return before;
    }
}
