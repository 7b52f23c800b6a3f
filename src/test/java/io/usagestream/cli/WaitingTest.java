package io.usagestream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WaitingTest {
    private static final Duration BOUND = Duration.ofSeconds(1);

    @Test
    void an_answer_that_does_not_come_ends_the_command_with_a_sentence() {
        assertThatThrownBy(() -> Waiting.forIt(Promise.promise().future(), BOUND))
                .isInstanceOfSatisfying(
                        CommandException.class, end -> assertThat(end.status()).isEqualTo(ExitStatus.FAILED))
                .hasMessage("no answer within 1 s");
    }

    @Test
    void an_answer_is_given_and_a_failure_thrown_as_it_is() throws InterruptedException {
        assertThat(Waiting.forIt(Future.succeededFuture("yes"), BOUND)).isEqualTo("yes");
        CommandException refused = new CommandException(ExitStatus.CONFIGURATION, "no");
        assertThatThrownBy(() -> Waiting.forIt(Future.failedFuture(refused), BOUND))
                .isSameAs(refused);
        assertThatThrownBy(() -> Waiting.forIt(Future.failedFuture(new IOException("gone")), BOUND))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("gone");
    }
}
