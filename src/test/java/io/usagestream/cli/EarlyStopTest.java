package io.usagestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever stops a service that is still starting is told so, whatever the start was about to do. */
class EarlyStopTest {
    private static final int MOMENTS = 12;
    private static final long MILLIS_BETWEEN = 30;

    @TempDir
    Path folder;

    @Test
    @Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aStartThatIsStoppedFailsForNoOtherReason() throws Exception {
        Map<Long, Throwable> failures = new LinkedHashMap<>();
        try (CommandStage stage = new CommandStage(folder, Duration.ofDays(1), "{embeddings: {}}", "{usages: {}}")) {
            stop(stage, 5000); // a first start makes the topics
            for (int i = 0; i < MOMENTS; i++) {
                long millis = i * MILLIS_BETWEEN;
                Future<Void> start = stop(stage, millis);
                if (start.failed()) {
                    failures.put(millis, start.cause());
                }
            }
        }
        assertThat(failures).as("some start was stopped early").isNotEmpty();
        assertThat(failures.values())
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(CommandException.class)
                        .hasMessage("stopped before the start was done"));
    }

    /** The way of a process that gets a signal. */
    private static Future<Void> stop(CommandStage stage, long millis) throws Exception {
        Vertx vertx = Vertx.vertx();
        Engine engine = stage.unstarted(vertx);
        Future<Void> start = engine.start();
        TimeUnit.MILLISECONDS.sleep(millis);
        engine.stop()
                .eventually(vertx::close)
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        return start;
    }
}
