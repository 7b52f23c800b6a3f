package io.usagestream.envelope;

import static io.usagestream.contract.Samples.DAY;
import static io.usagestream.contract.Samples.NOW;
import static io.usagestream.contract.Samples.START;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.usagestream.checkpoint.Seal;
import io.usagestream.checkpoint.Segment;
import io.usagestream.contract.Samples;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.usagestream.stream.Work;
import io.usagestream.stream.WorkStatus;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StateFormatTest {
    private static final Split SPLIT = Samples.split("acme", "completions");

    @Test
    void state_reads_back_as_it_was() {
        assertThat(StateFormat.checkpoint(StateFormat.encode(Samples.checkpoint(SPLIT, 5))))
                .isEqualTo(Samples.checkpoint(SPLIT, 5));
        StateFormat.Lane lane = new StateFormat.Lane(1, 8, "cluster", Map.of("a", 1));
        assertThat(StateFormat.lane(StateFormat.encode(lane))).isEqualTo(lane);
        Seal seal = Samples.seal(SPLIT, DAY);
        assertThat(StateFormat.seal(StateFormat.encode(seal))).isEqualTo(seal);
        Segment segment = Samples.segment(SPLIT, DAY, 3);
        Segment read = StateFormat.segment(StateFormat.encode(segment));
        assertThat(read.name()).isEqualTo(segment.name());
        assertThat(read.rows()).isEqualTo(3);
        assertThat(read.content()).isEqualTo(segment.content());
    }

    @Test
    void a_seal_holds_sums_of_more_digits_than_a_record_may_have() {
        BigDecimal sum = new BigDecimal("-123456789012345678901234567890.000000000000000001");
        Seal seal = new Seal(SPLIT, DAY, 1, new TreeMap<>(Map.of("amount/usd", sum)), new Digest(1, 2));
        assertThat(StateFormat.seal(StateFormat.encode(seal))).isEqualTo(seal);
    }

    @Test
    void a_segments_name_is_found_without_its_rows() {
        Segment segment = Samples.segment(SPLIT, DAY, 123_456);
        String key = new String(StateFormat.key(segment.name()), UTF_8);
        assertThat(key).isEqualTo("acme/completions|2026-11-19|123456");
        assertThat(StateFormat.segmentName(key, StateFormat.encode(segment))).isEqualTo(segment.name());
    }

    @Test
    void keys_say_what_they_name() {
        assertThat(StateFormat.kind("lane")).isEqualTo(StateFormat.Kind.LANE);
        assertThat(StateFormat.kind("acme/completions")).isEqualTo(StateFormat.Kind.CHECKPOINT);
        assertThat(StateFormat.kind("acme/completions|2026-11-19|1")).isEqualTo(StateFormat.Kind.SEGMENT);
        assertThat(StateFormat.kind(new String(StateFormat.key(Samples.seal(SPLIT, DAY)), UTF_8)))
                .isEqualTo(StateFormat.Kind.SEAL);
    }

    @Test
    void an_unknown_format_version_is_refused() {
        byte[] value = StateFormat.encode(Samples.segment(SPLIT, DAY, 1));
        ByteBuffer.wrap(value).put(10, (byte) 4); // the first field: format 1 becomes 2
        assertThatThrownBy(() -> StateFormat.segment(value))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("format 2");
        assertThatThrownBy(() -> StateFormat.segmentName("acme/completions|2026-11-19|1", value))
                .isInstanceOf(UnreadableException.class);
        value[4]++; // another schema altogether
        assertThatThrownBy(() -> StateFormat.segment(value)).isInstanceOf(UnreadableException.class);
    }

    @Test
    void work_and_its_status_read_back() {
        Work work = new Work("r", Work.Kind.REPAIR, "acme", Optional.of("costs"), new Window(START, NOW), Set.of());
        assertThat(WorkFormat.work(WorkFormat.encode(work, NOW))).isEqualTo(work);
        WorkStatus status = new WorkStatus("r", SPLIT, START, true, Optional.of(Reason.FORBIDDEN), NOW);
        assertThat(WorkFormat.status(WorkFormat.encode(status))).isEqualTo(status);
        assertThat(WorkFormat.isStatus(new String(WorkFormat.key(status), UTF_8)))
                .isTrue();
        assertThat(WorkFormat.isStatus(new String(WorkFormat.key(work), UTF_8))).isFalse();
    }
}
