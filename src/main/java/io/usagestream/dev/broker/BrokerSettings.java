package io.usagestream.dev.broker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an embedded cluster is to be like.
 *
 * @param nodes 1, or 3 for a cluster that survives the loss of a node
 * @param port the first node's port, the others follow it; 0: any free ports
 * @param folder where the data stays between runs; empty: a temporary folder that goes at close
 * @param properties further properties of the brokers; they win over ours
 */
public record BrokerSettings(int nodes, int port, Optional<Path> folder, Map<String, String> properties) {
    /** One node, any free port, nothing kept. */
    public static final BrokerSettings SINGLE = new BrokerSettings(1, 0, Optional.empty(), Map.of());

    public BrokerSettings {
        if (nodes != 1 && nodes != 3) {
            throw new IllegalArgumentException("a cluster has 1 or 3 nodes, not " + nodes);
        }
        properties = Map.copyOf(properties);
    }

    public BrokerSettings withNodes(int count) {
        return new BrokerSettings(count, port, folder, properties);
    }

    public BrokerSettings onPort(int number) {
        return new BrokerSettings(nodes, number, folder, properties);
    }

    public BrokerSettings in(Path path) {
        return new BrokerSettings(nodes, port, Optional.of(path), properties);
    }

    public BrokerSettings with(String name, String value) {
        Map<String, String> more = new HashMap<>(properties);
        more.put(name, value);
        return new BrokerSettings(nodes, port, folder, more);
    }
}
