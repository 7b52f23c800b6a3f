package io.usagestream.dev.consumers;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.usagestream.envelope.RecordType;
import io.usagestream.it.SharedKafka;
import java.util.List;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class TopicFeedTest {
    @Test
    void topicsThatAreNotThereAreNotTakenForEmptyOnes() {
        assertThatThrownBy(() -> new TopicFeed(
                        SharedKafka.instance().bootstrapServers(), "mistyped", List.of(RecordType.PERIOD), id -> ""))
                .isInstanceOf(UnknownTopicOrPartitionException.class)
                .hasMessage("there is no topic mistyped.periods");
    }
}
