package io.usagestream.dev.broker;

import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.utils.Exit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a node that cannot go on from ending the JVM, which hosts the other nodes and more.
 *
 * <p>Kafka halts its process when a node's folder fails. That happens to a sound folder, too: a node that is stopped interrupts the
 * thread that sends the markers of transactions, and an interrupt in the middle of a write closes the file (Kafka 4.3.1,
 * {@code InterBrokerSendThread.shutdown}, {@code TransactionMarkerChannelManager}, {@code LogManager.handleLogDirFailure}).
 */
final class Halts {
    private static final Logger LOG = LoggerFactory.getLogger(Halts.class);

    private static final CountDownLatch ASKED = new CountDownLatch(1);

    private Halts() {}

    /** From now on the thread ends that wants to end the JVM. The clients of Kafka never ask for it. */
    static void endOnlyTheirThread() {
        Exit.setHaltProcedure(Halts::end);
        Exit.setExitProcedure(Halts::end);
    }

    /** Waits until a thread has wanted to end the JVM. */
    static void await() throws InterruptedException {
        ASKED.await();
    }

    private static void end(int status, String message) {
        LOG.atError()
                .addKeyValue("status", status)
                .addKeyValue("thread", Thread.currentThread().getName())
                .log("a node of the embedded broker has given up; what it said before tells why");
        ASKED.countDown();
        throw new IllegalStateException("a node of the embedded broker has given up");
    }
}
