package io.usagestream.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.contract.Samples;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Split;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** What is told of a record from its headers alone. */
class HeadersTest {
    private static final Split SPLIT = Samples.split("acme", "completions");

    private final Envelope envelope = new Envelope(new WireFormat.SingleObject());

    private Headers headers(Publication publication) {
        return new RecordHeaders(envelope.encode(publication).headers());
    }

    @Test
    void the_days_hold_a_record_from_their_first_instant_to_their_last() {
        LocalDate day = Samples.DAY;
        Headers point = headers(Samples.point(SPLIT, "m", 1));
        assertThat(new EventDays(day, day).mayHold(point)).isTrue();
        assertThat(new EventDays(day.minusDays(3), day).mayHold(point)).isTrue();
        assertThat(new EventDays(day.plusDays(1), day.plusDays(3)).mayHold(point))
                .isFalse();
        assertThat(new EventDays(day.minusDays(3), day.minusDays(1)).mayHold(point))
                .isFalse();
        Headers period = headers(Samples.period(SPLIT));
        assertThat(new EventDays(day, day).mayHold(period))
                .as("a day is said when it is over")
                .isFalse();
        assertThat(new EventDays(day.plusDays(1), day.plusDays(1)).mayHold(period))
                .isTrue();
    }

    @Test
    void the_days_may_reach_as_far_as_anyone_writes() {
        Headers point = headers(Samples.point(SPLIT, "m", 1));
        LocalDate last = LocalDate.of(9_999, 12, 31);
        assertThat(new EventDays(Samples.DAY, last).mayHold(point)).isTrue();
        assertThat(new EventDays(Samples.DAY, last.plusDays(1)).mayHold(point)).isTrue();
    }

    @Test
    void a_record_without_an_event_time_may_lie_on_any_day() {
        EventDays days = new EventDays(Samples.DAY, Samples.DAY);
        assertThat(days.mayHold(new RecordHeaders())).isTrue();
        assertThat(days.mayHold(new RecordHeaders().add(CloudEvents.TIME, new byte[] {'2', '0'})))
                .isTrue();
    }

    @Test
    void the_revision_is_what_the_id_ends_with() {
        assertThat(CloudEvents.revision(headers(Samples.point(SPLIT, "m", 1)))).isEqualTo(1);
        assertThat(CloudEvents.revision(headers(Samples.point(SPLIT, "m", 1207))))
                .isEqualTo(1207);
        assertThat(CloudEvents.revision(headers(Samples.event(SPLIT, 0, Optional.empty()))))
                .isEqualTo(1);
        assertThat(CloudEvents.revision(new RecordHeaders())).isEqualTo(1);
    }

    @Test
    void time_and_split_are_told() {
        Headers event = headers(Samples.event(SPLIT, 0, Optional.empty()));
        assertThat(CloudEvents.time(event)).hasValue("2026-11-19T09:08:07.123Z");
        assertThat(CloudEvents.source(event)).hasValue("/openai/acme/completions");
        assertThat(CloudEvents.split(event)).hasValue(SPLIT);
        assertThat(CloudEvents.split(new RecordHeaders())).isEmpty();
    }

    @Test
    void a_time_is_told_to_the_millisecond_as_the_record_itself_tells_it() {
        Progress seen = Samples.progress(SPLIT);
        Instant finer = Samples.NOW.plusNanos(456_789);
        Headers progress = headers(new Progress(
                SPLIT,
                seen.state(),
                seen.reason(),
                seen.frontier(),
                seen.watermark(),
                seen.lastSuccessAt(),
                seen.sweptAt(),
                seen.lookback(),
                seen.observedLookback(),
                finer));
        assertThat(CloudEvents.time(progress)).hasValue(Samples.NOW.toString());
    }
}
