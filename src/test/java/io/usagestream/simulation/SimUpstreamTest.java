package io.usagestream.simulation;

import io.usagestream.contract.UpstreamContract;
import io.usagestream.contract.Waiting;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Split;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;

/** The upstream contract, held by the simulated one: else the simulation would prove nothing about a real one. */
class SimUpstreamTest extends UpstreamContract {
    private static final Instant NOW = Instant.parse("2026-11-19T10:20:00Z");
    private static final long QUIET = NOW.minus(Duration.ofDays(30)).toEpochMilli();

    private final SimWorld world = new SimWorld(NOW);
    private final SimUpstream upstream = upstream();

    private SimUpstream upstream() {
        SimUpstream.ListHabits habits = new SimUpstream.ListHabits(37, true, true, true, false);
        SimUpstream simulated = new SimUpstream(world, new Dice(4), () -> Weather.CALM, habits, new Nobody());
        BucketShape shape = new BucketShape(Grain.HOUR, 3, false, true, 3_600_000, 0, QUIET);
        simulated.offers("completions", new BucketTruth(shape, new Dice(5)));
        simulated.offers("usages", new BucketTruth(shape, new Dice(6)));
        Instant from = NOW.minus(Duration.ofDays(5));
        LogTruth.Shape log =
                new LogTruth.Shape(from.toEpochMilli(), NOW.toEpochMilli(), 600, 60_000, 3_600_000, 0, QUIET);
        simulated.offers("activity", new LogTruth(log, new Dice(7)));
        return simulated;
    }

    @Override
    protected Split paged() {
        return new Split("openai", "acme", "completions");
    }

    @Override
    protected Split whole() {
        return new Split("scenario", "acme", "usages");
    }

    @Override
    protected Split log() {
        return new Split("scenario", "acme", "activity");
    }

    @Override
    protected Instant now() {
        return world.now();
    }

    @Override
    protected Page ask(PageRequest request) {
        Future<Page> page = upstream.read(request);
        world.runUntil(world.now().plusSeconds(1), 1_000);
        return Waiting.await(page);
    }

    private static final class Nobody implements SimUpstream.Served {
        @Override
        public void buckets(PageRequest.Buckets request, long from, long to) {}

        @Override
        public void log(PageRequest.Log request) {}
    }
}
