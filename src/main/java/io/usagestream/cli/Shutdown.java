package io.usagestream.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes of a signal (SIGTERM, SIGINT) an orderly end with an exit status of its own: a JVM alone would say 143 or 130, as if it had
 * been killed.
 */
public final class Shutdown {
    private static volatile boolean leaving;

    private Shutdown() {}

    /**
     * What to do when a signal comes.
     *
     * @param stop ends the work and gives the exit status
     * @param limit after it, or when stopping fails, the process ends with {@link ExitStatus#FAILED}
     */
    public static void onSignal(Duration limit, Callable<Integer> stop) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            if (!leaving) {
                                int status = status(limit, stop);
                                System.out.flush();
                                Runtime.getRuntime().halt(status);
                            }
                        },
                        "shutdown"));
    }

    /** Ends the process without a signal having come. */
    static void exit(int status) {
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
