package io.usagestream.simulation;

import io.usagestream.contract.LaneLogContract;
import io.usagestream.sink.Batch;
import io.usagestream.sink.LaneLog;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The simulated log does what the port's kit asks: a simulation of a fiction would prove nothing. */
class SimLogTest extends LaneLogContract {
    private final List<Batch> committed = new ArrayList<>();
    private final SimWorld world = new SimWorld(Instant.parse("2026-11-19T00:00:00Z"));
    private final SimLog log =
            new SimLog(world, new Dice(1), () -> Weather.CALM, 2, (lane, batches) -> committed.addAll(batches));

    @Override
    protected LaneLog log() {
        return new Driven(world, log);
    }

    @Override
    protected List<String> visible(Split split) {
        return committed.stream()
                .filter(batch -> batch.split().equals(split))
                .flatMap(batch -> batch.publications().stream())
                .filter(Publication.PointRevision.class::isInstance)
                .map(Publication.PointRevision.class::cast)
                .map(point -> point.id() + "#" + point.revision())
                .toList();
    }

    @Override
    protected void loseNextAnswer(int lane) {
        log.loseNextAnswer();
    }
}
