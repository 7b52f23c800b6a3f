package io.usagestream.sink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.contract.Samples;
import io.usagestream.envelope.WorkFormat;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.usagestream.stream.Work;
import io.usagestream.stream.WorkStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkFoldTest {
    private static final Split SPLIT = Samples.split("acme", "costs");
    private static final Work ASKED = new Work(
            "r1", Work.Kind.BACKFILL, "acme", Optional.empty(), new Window(Samples.START, Samples.NOW), Set.of());

    private static final Instant LATER = Samples.NOW.plusSeconds(1);
    private static final byte[] STATUS_KEY = ("r1/" + SPLIT.name()).getBytes(UTF_8);

    private final WorkFold fold = new WorkFold();

    private Optional<String> ask() {
        return fold.take(WorkFormat.key(ASKED), WorkFormat.encode(ASKED, Samples.NOW));
    }

    private Optional<String> say(boolean finished) {
        WorkStatus status = new WorkStatus("r1", SPLIT, Samples.NOW, finished, Optional.empty(), Samples.NOW);
        return fold.take(WorkFormat.key(status), WorkFormat.encode(status));
    }

    @Test
    void work_is_known_with_who_has_finished_it() {
        assertThat(ask()).hasValue("r1");
        assertThat(fold.find("r1")).hasValue(ASKED);
        assertThat(say(false)).hasValue("r1");
        assertThat(fold.find("r1").orElseThrow().finished()).isEmpty();
        assertThat(say(true)).hasValue("r1");
        assertThat(say(false)).hasValue("r1");
        assertThat(fold.find("r1").orElseThrow().finished())
                .as("what is finished stays so")
                .containsExactly(SPLIT.name());
        assertThat(fold.statuses("r1")).containsOnlyKeys(SPLIT.name());
    }

    @Test
    void a_request_without_a_value_is_forgotten_with_all_that_was_said_of_it() {
        ask();
        say(true);
        assertThat(fold.take("r1".getBytes(UTF_8), null)).hasValue("r1");
        assertThat(fold.find("r1")).isEmpty();
        assertThat(fold.statuses("r1")).isEmpty();
        assertThat(fold.take(STATUS_KEY, null)).hasValue("r1");
        assertThat(fold.take("never/asked/for".getBytes(UTF_8), null)).hasValue("never");
        assertThat(ask()).hasValue("r1");
        assertThat(fold.find("r1")).hasValue(ASKED);
    }

    @Test
    void finished_work_stays_finished_when_its_status_goes_first() {
        ask();
        say(true);
        assertThat(fold.take(STATUS_KEY, null)).hasValue("r1");
        assertThat(fold.find("r1").orElseThrow().finished()).containsExactly(SPLIT.name());
    }

    @Test
    void a_status_without_a_request_is_forgotten_on_its_own() {
        say(true);
        assertThat(fold.over(LATER, source -> List.of())).containsOnlyKeys("r1");
        fold.take(STATUS_KEY, null);
        assertThat(fold.statuses("r1")).isEmpty();
        assertThat(fold.over(LATER, source -> List.of())).isEmpty();
    }

    @Test
    void work_for_a_whole_source_is_over_when_all_of_its_splits_have_finished() {
        ask();
        assertThat(fold.over(LATER, source -> List.of(SPLIT))).isEmpty();
        say(false);
        assertThat(fold.over(LATER, source -> List.of(SPLIT))).isEmpty();
        say(true);
        assertThat(fold.over(LATER, source -> List.of(SPLIT, Samples.split("acme", "completions"))))
                .isEmpty();
        assertThat(fold.over(LATER, source -> List.of()))
                .as("nobody knows its splits")
                .isEmpty();
        assertThat(fold.over(Samples.NOW, source -> List.of(SPLIT)))
                .as("too recent")
                .isEmpty();
        assertThat(fold.over(LATER, source -> List.of(SPLIT)))
                .hasEntrySatisfying("r1", keys -> assertThat(keys).containsExactly(STATUS_KEY));
    }

    @Test
    void what_cannot_be_read_changes_nothing() {
        ask();
        byte[] foreign = "by somebody else".getBytes(UTF_8);
        assertThat(fold.take(null, foreign)).isEmpty();
        assertThat(fold.take(foreign, foreign)).isEmpty();
        assertThat(fold.take("r1/acme/costs".getBytes(UTF_8), foreign)).isEmpty();
        assertThat(fold.take("r1/acme/costs".getBytes(UTF_8), WorkFormat.encode(ASKED, Samples.NOW)))
                .isEmpty();
        WorkStatus nowhere = new WorkStatus("r1", SPLIT, Samples.NOW, true, Optional.empty(), Samples.NOW);
        assertThat(fold.take(WorkFormat.key(ASKED), WorkFormat.encode(nowhere))).isEmpty();
        assertThat(fold.find("r1")).hasValue(ASKED);
        assertThat(fold.statuses("r1")).isEmpty();
    }
}
