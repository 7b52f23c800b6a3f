package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.source.Failure;
import io.usagestream.source.UpstreamException;
import io.usagestream.stream.Page;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What cannot happen stops the lane and is said, wherever it is thrown: no loop stands still without a word. */
class BugsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:30:00Z");

    private final ToldTime time = new ToldTime(NOW);
    private final List<String> said = new ArrayList<>();
    private final List<SplitLoop> loops = new ArrayList<>();

    @Test
    void of_an_upstream_that_throws_instead_of_answering() {
        Failure again = new Failure.Unavailable(Reason.SERVER_ERROR, "503", true, Optional.empty());
        List<Window> asked = new ArrayList<>();
        run(
                window -> {
                    asked.add(window);
                    if (asked.size() > 1) {
                        throw new IllegalStateException("no answer");
                    }
                    return Future.failedFuture(new UpstreamException(again));
                },
                new Observer() {});
        assertThat(said).containsExactly("no answer");
    }

    @Test
    void of_a_page_that_is_none_of_the_streams() {
        Page other = new Page.Log(Optional.empty(), List.of());
        run(window -> Future.succeededFuture(other), new Observer() {});
        assertThat(said).singleElement().asString().contains("Page$Log");
    }

    @Test
    void of_a_turn_that_does_not_come_to_a_request() {
        run(window -> Future.succeededFuture(OneStream.empty(window)), new Observer() {
            @Override
            public void turn(Split split, Window window) {
                throw new IllegalStateException("no turn");
            }
        });
        assertThat(said).containsExactly("no turn");
    }

    private void run(Function<Window, Future<Page>> answer, Observer observer) {
        SourceContext source = OneStream.answering(NOW.minus(Duration.ofDays(3)), NOW, answer);
        SplitMemory memory = SplitMemory.fresh(source.settings().streams().get(0), NOW);
        NoLane lane = new NoLane(new WindowSlots(4)) {
            @Override
            public void broken(Split split, Throwable cause) {
                said.add(cause.getMessage());
                loops.forEach(SplitLoop::stop); // as the lane does
            }
        };
        loops.add(new SplitLoop(memory, source, lane, time, observer));
        loops.forEach(loop -> loop.start(Duration.ZERO));
        time.pass(Duration.ofMinutes(1));
    }
}
