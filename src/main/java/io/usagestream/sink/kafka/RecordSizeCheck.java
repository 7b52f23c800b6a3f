package io.usagestream.sink.kafka;

import static io.usagestream.sink.kafka.TopicProblem.refused;
import static io.usagestream.sink.kafka.TopicProblem.warning;

import io.usagestream.checkpoint.SegmentWriter;
import java.util.Optional;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Whether client and topics take the records of a lane. What is larger than {@code max.request.size} the service keeps out itself; what
 * is only too large for a topic is refused by the broker, and the lane with it.
 */
final class RecordSizeCheck {
    /** What a record of state has at most: a full segment, and as much again for the last row in it. */
    static final int STATE = 2 * SegmentWriter.FULL;

    private final Commands commands;
    private final int largest;

    /** @param largest the client's {@code max.request.size} */
    RecordSizeCheck(Commands commands, int largest) {
        this.commands = commands;
        this.largest = largest;
    }

    Optional<TopicProblem> client() {
        return largest >= STATE
                ? Optional.empty()
                : Optional.of(refused(
                        "max.request.size is " + largest + ": records of state have up to " + STATE + " bytes",
                        "kafka: {max.request.size: " + ClientProperties.LARGEST_RECORD + "}"));
    }

    Optional<TopicProblem> topic(TopicPlan plan, String topic, Config config) {
        ConfigEntry entry = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        if (entry == null || entry.value() == null || Long.parseLong(entry.value()) >= largest) {
            return Optional.empty();
        }
        long takes = Long.parseLong(entry.value());
        String what = topic + ": " + entry.name() + " is " + takes;
        String command = commands.alter(topic, entry.name(), Integer.toString(largest));
        return Optional.of(
                plan.suffix().equals(TopicPlan.CHECKPOINTS) && takes < STATE
                        ? refused(what + ": records of state have up to " + STATE + " bytes", command)
                        : warning(
                                what + ", less than max.request.size (" + largest
                                        + "): a record between the two stops its lane (record_too_large)",
                                command));
    }
}
