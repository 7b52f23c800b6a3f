package io.usagestream.contract;

import io.usagestream.sink.SinkException;
import io.usagestream.sink.SinkFailure;
import io.vertx.core.Future;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for futures on the test's own thread. */
public final class Waiting {
    private Waiting() {}

    /** The result, or the failure as it is. */
    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new CompletionException(e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            throw new IllegalStateException("no answer within 60 s", e);
        }
    }

    /** How it failed; an error when it did not. */
    public static SinkFailure failure(Future<?> future) {
        try {
            Object result = await(future);
            throw new AssertionError("did not fail, but gave " + result);
        } catch (SinkException e) {
            return e.failure();
        }
    }
}
