package io.usagestream.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between Kafka's clients and a broker and spoils what passes when told so: it loses the answer to a commit, so that its
 * outcome is unknown to who asked; it delays, cuts or swallows everything. The broker must advertise the proxy's address.
 */
public final class KafkaProxy implements AutoCloseable {
    private static final short INIT_PRODUCER_ID = 22;
    private static final short END_TXN = 26;

    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<String> losing = ConcurrentHashMap.newKeySet();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile int target;
    private volatile String holding = "";
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile CountDownLatch released = new CountDownLatch(0);
    private volatile long delayMillis;
    private volatile boolean silent;
    private volatile boolean forwardLost = true;

    public KafkaProxy() throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("accept", this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Where the broker listens. */
    public void target(int port) {
        target = port;
    }

    /**
     * From now until its next {@code initTransactions}, commits of the transactional id get no answer.
     *
     * @param carriedOut whether the broker hears of them all the same
     */
    public void loseCommits(String transactionalId, boolean carriedOut) {
        forwardLost = carriedOut;
        losing.add(transactionalId);
    }

    /** From now on the next {@code initTransactions} of the transactional id does not reach the broker. */
    public void holdFence(String transactionalId) {
        held = new CountDownLatch(1);
        released = new CountDownLatch(1);
        holding = transactionalId;
    }

    /** Waits until one is held. */
    public boolean awaitHeld() throws InterruptedException {
        return held.await(30, TimeUnit.SECONDS);
    }

    /** Lets it through. */
    public void releaseFence() {
        holding = "";
        released.countDown();
    }

    /** How many commits have lost their answer. */
    public int lost() {
        return lost.get();
    }

    /** From now on every answer comes that much later. */
    public void delay(Duration each) {
        delayMillis = each.toMillis();
    }

    /** From now on nothing passes, and no connection is closed: as when a network swallows packets. */
    public void fallSilent() {
        silent = true;
    }

    /** Closes every connection there is. */
    public void cut() {
        open.forEach(KafkaProxy::closeQuietly);
    }

    /** Lets everything pass again; what was swallowed stays lost with its connections. */
    public void heal() {
        delayMillis = 0;
        losing.clear();
        if (silent) {
            cut();
            silent = false;
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            Socket broker;
            try {
                broker = new Socket(InetAddress.getLoopbackAddress(), target);
            } catch (IOException e) {
                client.close(); // the broker is down: whoever asks is refused
                continue;
            }
            client.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
            open.add(client);
            open.add(broker);
            Set<Integer> swallowed = ConcurrentHashMap.newKeySet();
            start("requests", () -> requests(client, broker, swallowed));
            start("answers", () -> {
                try {
                    answers(broker, client, swallowed);
                } finally {
                    open.remove(client);
                    open.remove(broker);
                }
            });
        }
    }

    private void requests(Socket client, Socket broker, Set<Integer> swallowed) throws IOException {
        try (client;
                broker) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(broker.getOutputStream());
            while (true) {
                byte[] frame = frame(in);
                holdUp(client);
                ByteBuffer header = ByteBuffer.wrap(frame);
                short api = header.getShort();
                header.getShort();
                int correlation = header.getInt();
                if (api == INIT_PRODUCER_ID) {
                    losing.removeIf(id -> contains(frame, id));
                    if (!holding.isEmpty() && contains(frame, holding)) {
                        held.countDown();
                        hold();
                    }
                }
                if (api == END_TXN && losing.stream().anyMatch(id -> contains(frame, id))) {
                    swallowed.add(correlation);
                    lost.incrementAndGet();
                    if (!forwardLost) {
                        continue;
                    }
                }
                write(out, frame);
            }
        }
    }

    private void hold() throws IOException {
        try {
            if (!released.await(30, TimeUnit.SECONDS)) {
                throw new IOException("held for ever");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void answers(Socket broker, Socket client, Set<Integer> swallowed) throws IOException {
        try (client;
                broker) {
            DataInputStream in = new DataInputStream(broker.getInputStream());
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            while (true) {
                byte[] frame = frame(in);
                holdUp(client);
                if (!swallowed.remove(ByteBuffer.wrap(frame).getInt())) {
                    write(out, frame);
                }
            }
        }
    }

    /** Waits while nothing passes, and for the delay; ends with the connection. */
    private void holdUp(Socket client) throws IOException {
        try {
            Thread.sleep(delayMillis);
            while (silent && !client.isClosed()) {
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone already
        }
    }

    private static byte[] frame(DataInputStream in) throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return frame;
    }

    private static void write(DataOutputStream out, byte[] frame) throws IOException {
        out.write(ByteBuffer.allocate(4 + frame.length)
                .putInt(frame.length)
                .put(frame)
                .array());
        out.flush();
    }

    private static boolean contains(byte[] frame, String id) {
        return new String(frame, java.nio.charset.StandardCharsets.ISO_8859_1)
                .contains(new String(id.getBytes(UTF_8), java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // a side has gone
                    }
                },
                "kafka-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
