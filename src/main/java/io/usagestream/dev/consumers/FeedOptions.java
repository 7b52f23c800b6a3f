package io.usagestream.dev.consumers;

import io.usagestream.cli.CommandException;
import io.usagestream.cli.ExitStatus;
import io.usagestream.envelope.RecordType;
import io.usagestream.query.RegistrySchemas;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Option;

/** Where a consumer finds the topics: all that it needs to know of the service. */
public final class FeedOptions {
    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            required = true,
            description = "Kafka, as the demo prints it")
    private String bootstrapServers = "";

    @Option(
            names = "--prefix",
            paramLabel = "PREFIX",
            defaultValue = "usage",
            description = "the first word of the topics (default: ${DEFAULT-VALUE})")
    private String prefix = "usage";

    @Option(names = "--schema-registry", paramLabel = "URL", description = "where schemas are, if there is a registry")
    private Optional<URI> registry = Optional.empty();

    /** The committed records of those topics, from the beginning on. */
    public TopicFeed open(List<RecordType> types) {
        try {
            return new TopicFeed(bootstrapServers, prefix, types, new RegistrySchemas(registry));
        } catch (KafkaException e) {
            throw new CommandException(
                    ExitStatus.FAILED,
                    "the topics " + prefix + ".* could not be read at " + bootstrapServers + ": " + e.getMessage());
        }
    }
}
