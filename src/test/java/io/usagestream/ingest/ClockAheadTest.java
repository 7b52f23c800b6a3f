package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.source.Failure;
import io.usagestream.source.StreamSettings;
import io.usagestream.source.UpstreamException;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Our clock is far ahead, and upstream, which could tell, cannot be read. */
class ClockAheadTest {
    private static final Instant TRUE_NOW = Instant.parse("2026-11-21T12:30:00Z");
    private static final Instant WATERMARK = Instant.parse("2026-11-19T12:00:00Z");
    private static final Instant FLOOR = Instant.parse("2026-09-20T00:00:00Z");

    private final ToldTime time = new ToldTime(TRUE_NOW.plus(Duration.ofDays(100)));
    private final KeepingLane lane = new KeepingLane();
    private final SplitMemory memory = memory();
    private final SplitLoop loop = new SplitLoop(
            memory,
            OneStream.answering(
                    FLOOR,
                    time.now(),
                    window -> Future.failedFuture(new UpstreamException(
                            new Failure.Rejected(Reason.BAD_REQUEST, "not that", Optional.empty())))),
            lane,
            time,
            new Observer() {});

    @Test
    void the_floor_does_not_move_by_our_clock_alone() {
        loop.start(Duration.ZERO);
        loop.request("refused", Window.of(Window.dayOf(FLOOR).minusDays(3)));
        time.pass(Duration.ofHours(1));
        assertThat(lane.checkpoints())
                .isNotEmpty()
                .allMatch(checkpoint -> checkpoint.floor().equals(FLOOR));
        assertThat(memory.floor()).isEqualTo(FLOOR);
    }

    private static SplitMemory memory() {
        StreamSettings settings = OneStream.source(FLOOR).streams().get(0);
        SplitCheckpoint checkpoint = new SplitCheckpoint(
                settings.split(),
                settings.fingerprint(),
                FLOOR,
                WATERMARK,
                WATERMARK,
                FLOOR,
                Window.dayOf(WATERMARK),
                Optional.empty(),
                Optional.empty(),
                0,
                List.of(),
                Optional.empty(),
                new TreeMap<>());
        return SplitMemory.restored(settings, checkpoint, SplitImage.nothing());
    }
}
