package io.usagestream.dev.broker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer$;
import kafka.server.SharedServer;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.ServerSocketFactory;
import org.apache.kafka.server.fault.FaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node: a broker and a controller that share their threads and their folder. It can be stopped and started again. */
final class KafkaNode {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaNode.class);
    private static final int BACKLOG = 500;

    private final NodeFolder folder;
    private final int port;
    private final Voter voter;
    /** Sockets that were bound for the first start, by listener. */
    private final Map<String, ServerSocketChannel> bound = new ConcurrentHashMap<>();

    private List<Voter> voters = List.of();
    private Properties properties = new Properties();
    private Optional<Servers> running = Optional.empty();

    private record Servers(BrokerServer broker, ControllerServer controller) {}

    private KafkaNode(int id, NodeFolder folder, int port, int controllerPort) {
        this.folder = folder;
        this.port = bind(NodeProperties.CLIENTS, port);
        this.voter = new Voter(id, bind(NodeProperties.CONTROLLER, controllerPort));
    }

    /** A node on that port, which is taken already; nothing runs yet. */
    static KafkaNode bind(int id, NodeFolder folder, int port) {
        return bind(id, folder, port, 0);
    }

    /** The same, and its controller on a port that the others know already. */
    static KafkaNode bind(int id, NodeFolder folder, int port, int controllerPort) {
        return new KafkaNode(id, folder, port, controllerPort);
    }

    /**
     * A node on any free port: the one of its last run where that is free. A coordinator that has to finish the last run's
     * transactions looks for its peers where they were.
     */
    static KafkaNode bindAny(int id, NodeFolder folder) {
        Optional<Integer> last = folder.rememberedPort();
        if (last.isPresent()) {
            try {
                return bind(id, folder, last.get());
            } catch (IllegalStateException e) {
                LOG.debug("the port of the last run is taken", e);
            }
        }
        return bind(id, folder, 0);
    }

    /** Tells the node who else there is: known only when all have their ports. */
    void configure(List<Voter> all, Map<String, String> extra) {
        voters = all;
        properties = NodeProperties.of(folder, port, voter, all, extra);
    }

    NodeFolder folder() {
        return folder;
    }

    int port() {
        return port;
    }

    Voter voter() {
        return voter;
    }

    synchronized void start() {
        if (running.isPresent()) {
            return;
        }
        KafkaConfig config = KafkaConfig.fromProps(properties);
        var ensemble = KafkaRaftServer$.MODULE$.initializeLogDirs(config, LOG, "[node " + voter.id() + "] ");
        var addresses = voters.stream().collect(Collectors.toMap(Voter::id, Voter::address));
        SharedServer shared = new SharedServer(
                config,
                ensemble._1(),
                Time.SYSTEM,
                new Metrics(),
                CompletableFuture.completedFuture(addresses),
                List.of(),
                (name, fatal, action) -> fault(name, fatal),
                this::open);
        Servers servers = new Servers(
                new BrokerServer(shared),
                new ControllerServer(shared, KafkaRaftServer$.MODULE$.configSchema(), ensemble._2()));
        servers.controller().startup();
        servers.broker().startup();
        running = Optional.of(servers);
    }

    synchronized void stop(Duration patience) {
        running.ifPresent(servers -> {
            servers.broker().shutdown(patience);
            servers.controller().shutdown();
        });
        running = Optional.empty();
    }

    /** Lets go of sockets that no start has used. */
    void release() {
        bound.values().forEach(socket -> {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("a socket did not close", e);
            }
        });
        bound.clear();
    }

    /** Kafka's own fault handler halts the JVM; this one may host much else. */
    private static FaultHandler fault(String name, boolean fatal) {
        return (message, cause) -> {
            LOG.atError()
                    .addKeyValue("where", name)
                    .addKeyValue("fatal", fatal)
                    .setCause(cause)
                    .log("the embedded broker reports a fault: {}", message);
            return new IllegalStateException(message, cause);
        };
    }

    private ServerSocketChannel open(String listener, InetSocketAddress address, int backlog, int receiveBuffer)
            throws IOException {
        ServerSocketChannel socket = bound.remove(listener);
        if (socket == null) {
            return ServerSocketFactory.INSTANCE.openServerSocket(listener, address, backlog, receiveBuffer);
        }
        socket.configureBlocking(false);
        return socket;
    }

    private int bind(String listener, int wanted) {
        try {
            ServerSocketChannel socket = ServerSocketChannel.open();
            bound.put(listener, socket);
            // a restart must not wait for connections of the last run in TIME_WAIT
            socket.socket().setReuseAddress(true);
            socket.bind(new InetSocketAddress("127.0.0.1", wanted), BACKLOG);
            return socket.socket().getLocalPort();
        } catch (IOException e) {
            release();
            throw new IllegalStateException("cannot listen on 127.0.0.1:" + wanted + ": " + e.getMessage(), e);
        }
    }
}
