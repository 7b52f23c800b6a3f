package io.usagestream.dev.broker;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** A node's {@code server.properties}: frugal with memory and quick to fail over, as a development machine wants it. */
final class NodeProperties {
    static final String CLIENTS = "PLAINTEXT";
    static final String CONTROLLER = "CONTROLLER";

    private NodeProperties() {}

    static Properties of(NodeFolder folder, int port, Voter self, List<Voter> voters, Map<String, String> extra) {
        Properties p = new Properties();
        p.setProperty("process.roles", "broker,controller");
        p.setProperty("node.id", String.valueOf(self.id()));
        p.setProperty("log.dirs", folder.path().toString());
        p.setProperty("listeners", CLIENTS + "://127.0.0.1:" + port + "," + CONTROLLER + "://127.0.0.1:" + self.port());
        p.setProperty("advertised.listeners", CLIENTS + "://127.0.0.1:" + port);
        p.setProperty("listener.security.protocol.map", CLIENTS + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        p.setProperty("inter.broker.listener.name", CLIENTS);
        p.setProperty("controller.listener.names", CONTROLLER);
        p.setProperty(
                "controller.quorum.voters", voters.stream().map(Voter::toString).collect(Collectors.joining(",")));
        p.setProperty("auto.create.topics.enable", "false");
        replication(p, voters.size());
        memory(p);
        failover(p);
        p.putAll(extra);
        return p;
    }

    private static void replication(Properties p, int nodes) {
        String factor = String.valueOf(nodes);
        String inSync = nodes >= 3 ? "2" : "1";
        p.setProperty("default.replication.factor", factor);
        p.setProperty("min.insync.replicas", inSync);
        p.setProperty("offsets.topic.replication.factor", factor);
        p.setProperty("offsets.topic.num.partitions", "4");
        p.setProperty("transaction.state.log.replication.factor", factor);
        p.setProperty("transaction.state.log.min.isr", inSync);
        p.setProperty("transaction.state.log.num.partitions", "4");
        p.setProperty("share.coordinator.state.topic.replication.factor", factor);
        p.setProperty("share.coordinator.state.topic.min.isr", inSync);
        p.setProperty("share.coordinator.state.topic.num.partitions", "1");
    }

    private static void memory(Properties p) {
        // the default of 128 MB is taken at start, whatever is compacted
        p.setProperty("log.cleaner.dedupe.buffer.size", "2097152");
        p.setProperty("log.cleaner.threads", "1");
        p.setProperty("num.network.threads", "2");
        p.setProperty("num.io.threads", "2");
        p.setProperty("background.threads", "2");
        p.setProperty("num.replica.fetchers", "1");
        p.setProperty("num.recovery.threads.per.data.dir", "1");
        // indexes are allocated whole for every open segment
        p.setProperty("log.index.size.max.bytes", "1048576");
        p.setProperty("metadata.log.segment.bytes", "8388608");
    }

    private static void failover(Properties p) {
        p.setProperty("group.initial.rebalance.delay.ms", "0");
        p.setProperty("group.min.session.timeout.ms", "1000");
        p.setProperty("group.consumer.min.session.timeout.ms", "1000");
        p.setProperty("group.consumer.min.heartbeat.interval.ms", "200");
        p.setProperty("broker.heartbeat.interval.ms", "200");
        // short enough that the survivors take over soon, long enough for a machine that is busy with tests
        p.setProperty("broker.session.timeout.ms", "4000");
        p.setProperty("controller.quorum.election.timeout.ms", "1000");
        p.setProperty("controller.quorum.fetch.timeout.ms", "2000");
    }
}
