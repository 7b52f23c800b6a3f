package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.ingest.ReadFailure.Severity;
import io.usagestream.plan.Task;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When whoever waits for a split, or is paid to look after it, is told to stop waiting. */
class ConditionTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final Condition condition = new Condition(
            SplitMemory.fresh(OneStream.source(NOW).streams().get(0), NOW),
            OneStream.answering(NOW, NOW, window -> Future.succeededFuture(OneStream.empty(window))));

    @Test
    void a_re_scan_that_upstream_refuses_halts_nothing() {
        fail(Task.Kind.RESCAN, Severity.HALT_STREAM);
        assertThat(condition.givenUp()).isFalse();
        fail(Task.Kind.PASS, Severity.HALT_STREAM);
        assertThat(condition.givenUp()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void five_failures_in_a_row_of_one_kind_degrade_and_of_several_kinds_do_not(Task.Kind kind) {
        for (Task.Kind each : Task.Kind.values()) {
            for (int i = 0; i < 4; i++) {
                fail(each, Severity.RETRY);
            }
        }
        assertThat(condition.givenUp()).isFalse();
        fail(kind, Severity.RETRY);
        assertThat(condition.givenUp()).isTrue();
        assertThat(condition.failures(task(kind))).isEqualTo(5);
    }

    private void fail(Task.Kind kind, Severity severity) {
        condition.failed(task(kind), new ReadFailure(Reason.BAD_REQUEST, "no", severity, Optional.empty()));
    }

    private static Task task(Task.Kind kind) {
        return new Task(kind, Window.of(Window.dayOf(NOW)), Duration.ofDays(1), Optional.empty());
    }
}
