package io.usagestream.cli;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits on a command's own thread for what goes on elsewhere. */
final class Waiting {
    private Waiting() {}

    /**
     * The answer, or what the future failed with.
     *
     * @throws CommandException when there is no answer within the bound
     */
    static <T> T forIt(Future<T> future, Duration bound) throws InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new CommandException(ExitStatus.FAILED, "no answer within " + bound.toSeconds() + " s");
        }
    }
}
