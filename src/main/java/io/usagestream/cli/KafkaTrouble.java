package io.usagestream.cli;

import io.usagestream.config.KafkaProperties;
import io.usagestream.config.Settings;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.SinkFailure;
import io.usagestream.sink.kafka.Refusals;

/** How a command ends that Kafka let down: a refusal is a matter of configuration and permissions, anything else may pass. */
final class KafkaTrouble {
    private KafkaTrouble() {}

    static CommandException of(Settings settings, RuntimeException thrown) {
        if (thrown instanceof SinkException known) {
            boolean refused = known.failure() instanceof SinkFailure.Refused;
            return new CommandException(
                    refused ? ExitStatus.CONFIGURATION : ExitStatus.FAILED,
                    known.failure().message());
        }
        Refusals refusals = new Refusals(KafkaParts.kafka(settings));
        return refusals.ofAsking(thrown)
                .map(refusal -> new CommandException(ExitStatus.CONFIGURATION, refusal))
                .orElseGet(() -> new CommandException(
                        ExitStatus.FAILED,
                        "Kafka at " + settings.kafka().values().get(KafkaProperties.BOOTSTRAP)
                                + refusals.ofSilence(thrown)
                                        .map(where -> ", " + where)
                                        .orElse("")
                                + ": " + thrown.getMessage()));
    }
}
