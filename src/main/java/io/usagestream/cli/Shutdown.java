package io.usagestream.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a signal (SIGTERM, SIGINT) an orderly end with an exit status of its own: a JVM alone would say 143 or 130, as if it had
 * been killed.
 */
public final class Shutdown {
    private static final AtomicReference<@Nullable Action> ACTION = new AtomicReference<>();
    private static volatile boolean leaving;
    private static volatile boolean begun;

    private record Action(Duration limit, Callable<Integer> stop) {}

    private Shutdown() {}

    /**
     * What to do when a signal comes; what was said before no longer holds.
     *
     * @param limit after it, or when stopping fails, the process ends with {@link ExitStatus#FAILED}
     * @param stop ends the work and gives the exit status
     */
    public static void onSignal(Duration limit, Callable<Integer> stop) {
        boolean first = ACTION.getAndSet(new Action(limit, stop)) == null;
        if (first) {
            Runtime.getRuntime().addShutdownHook(new Thread(Shutdown::act, "shutdown"));
        }
    }

    /** Whether the process is ending. */
    static boolean begun() {
        return begun;
    }

    private static void act() {
        begun = true;
        Action action = ACTION.get();
        if (!leaving && action != null) {
            int status = status(action.limit(), action.stop());
            System.out.flush();
            Runtime.getRuntime().halt(status);
        }
    }

    /** Ends the process without a signal having come. */
    static void exit(int status) {
        begun = true;
        leaving = true;
        System.exit(status);
    }

    private static int status(Duration limit, Callable<Integer> stop) {
        FutureTask<Integer> task = new FutureTask<>(stop);
        Thread thread = new Thread(task, "stop");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            System.err.println("usagestream: did not stop within " + limit.toSeconds() + " s; nothing is lost: "
                    + "what was not committed is read again");
        } catch (ExecutionException e) {
            System.err.println("usagestream: failed while stopping: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitStatus.FAILED;
    }
}
