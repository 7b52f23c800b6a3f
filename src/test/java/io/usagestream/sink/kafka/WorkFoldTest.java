package io.usagestream.sink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.contract.Samples;
import io.usagestream.envelope.WorkFormat;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.usagestream.stream.Work;
import io.usagestream.stream.WorkStatus;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkFoldTest {
    private static final Split SPLIT = Samples.split("acme", "costs");
    private static final Work ASKED = new Work(
            "r1", Work.Kind.BACKFILL, "acme", Optional.empty(), new Window(Samples.START, Samples.NOW), Set.of());

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
    void a_record_without_a_value_removes_what_its_key_said() {
        ask();
        say(true);
        assertThat(fold.take(("r1/" + SPLIT.name()).getBytes(UTF_8), null)).hasValue("r1");
        assertThat(fold.statuses("r1")).isEmpty();
        assertThat(fold.find("r1")).hasValue(ASKED);
        assertThat(fold.take("r1".getBytes(UTF_8), null)).hasValue("r1");
        assertThat(fold.find("r1")).isEmpty();
        assertThat(fold.ids()).isEmpty();
        assertThat(fold.take("never/asked/for".getBytes(UTF_8), null)).hasValue("never");
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
