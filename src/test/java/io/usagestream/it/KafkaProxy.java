package io.usagestream.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between Kafka's clients and a broker and loses the answer to a commit when told so, so that its outcome is unknown to
 * who asked. The broker must advertise the proxy's address.
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

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            Socket broker = new Socket(InetAddress.getLoopbackAddress(), target);
            client.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
            open.add(client);
            open.add(broker);
            Set<Integer> swallowed = ConcurrentHashMap.newKeySet();
            start("requests", () -> requests(client, broker, swallowed));
            start("answers", () -> answers(broker, client, swallowed));
        }
    }

    private void requests(Socket client, Socket broker, Set<Integer> swallowed) throws IOException {
        try (client;
                broker) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(broker.getOutputStream());
            while (true) {
                byte[] frame = frame(in);
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

    private static void answers(Socket broker, Socket client, Set<Integer> swallowed) throws IOException {
        try (client;
                broker) {
            DataInputStream in = new DataInputStream(broker.getInputStream());
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            while (true) {
                byte[] frame = frame(in);
                if (!swallowed.remove(ByteBuffer.wrap(frame).getInt())) {
                    write(out, frame);
                }
            }
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
