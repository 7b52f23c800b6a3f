package io.usagestream.simulation;

import io.usagestream.source.Secret;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.StreamSettings;
import io.usagestream.source.StreamType;
import io.usagestream.source.StreamType.Shape;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Split;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What a seed makes of the world: which streams, how they behave, how long and how bad.
 *
 * @param start where history begins
 * @param begin when the service starts
 * @param heal when everything that is wrong stops
 * @param end when the truth is compared
 */
record Scenario(
        List<SourceSettings> sources,
        List<SplitPlan> splits,
        SimUpstream.ListHabits habits,
        Weather weather,
        Instant start,
        Instant begin,
        Instant heal,
        Instant end,
        Duration lookback,
        Duration plagueEvery,
        double outages,
        boolean restartToHeal) {
    private static final Duration SAFETY_LAG = Duration.ofMinutes(2);

    /** The kinds of streams that a run may have. */
    private enum Kind {
        HOURS,
        QUARTERS,
        DAYS,
        SERIES,
        WEEKS,
        ACTIVITY
    }

    static Scenario of(long seed) {
        Dice dice = new Dice(seed).of(7);
        Instant start = Instant.parse("2026-11-02T00:00:00Z").plus(Duration.ofDays(dice.between(0, 6)));
        Instant begin = start.plusSeconds(dice.between(6 * 3600, 30 * 3600));
        Duration lookback = Duration.ofHours(dice.one(List.of(2, 3, 5)));
        Instant heal = begin.plusSeconds(dice.between(2 * 3600, 12 * 3600));
        boolean restart = dice.chance(0.85);
        List<Kind> kinds = new ArrayList<>();
        for (int n = dice.between(1, 2); n > 0; n--) {
            kinds.add(dice.one(List.of(Kind.values())));
        }
        Duration calm = restart ? Duration.ofHours(3) : Duration.ofHours(27);
        Instant end = heal.plus(calm);
        double bad = dice.one(List.of(0.0, 0.01, 0.04, 0.1));
        Weather weather = new Weather(bad, dice.one(List.of(0.0, 0.02, 0.1)), dice.one(List.of(0.0, 0.05)));
        Made made = new Made(dice, start, heal, lookback, dice.chance(0.2));
        List<SplitPlan> splits =
                kinds.stream().distinct().map(kind -> plan(kind, made)).toList();
        SimUpstream.ListHabits habits = new SimUpstream.ListHabits(
                dice.one(List.of(100, 37, 7, 2)),
                dice.chance(0.5),
                dice.chance(0.5),
                dice.chance(0.5),
                dice.chance(0.2));
        // tiny pages of whole days eat any small budget: what lies below the watermark would not be read in the calm
        int least = habits.pageSize() < 10 ? 600 : 60;
        return new Scenario(
                sources(splits, Math.max(least, dice.one(List.of(60, 600)))),
                splits,
                habits,
                weather,
                start,
                begin,
                heal,
                end,
                lookback,
                Duration.ofMinutes(dice.one(List.of(10, 60, 240))),
                dice.one(List.of(0.0, 0.5, 1.0)),
                restart);
    }

    /** What the streams of a run share. */
    private record Made(Dice dice, Instant start, Instant heal, Duration lookback, boolean shortMemory) {}

    private static SplitPlan plan(Kind kind, Made made) {
        return switch (kind) {
            case HOURS -> buckets("completions", Shape.BUCKETS, Grain.HOUR, 12, false, made);
            case QUARTERS -> buckets("embeddings", Shape.BUCKETS, Grain.QUARTER, 20, false, made);
            case DAYS -> buckets("costs", Shape.BUCKETS, Grain.DAY, 3, true, made);
            case SERIES -> buckets("usages", Shape.SERIES, Grain.HOUR, 24, true, made);
            case WEEKS -> buckets("consumption", Shape.SERIES, Grain.WEEK, 1, true, made);
            case ACTIVITY -> activity(made);
        };
    }

    /** A source with nothing but an activity log, as configured by default. */
    static SourceSettings activity(Split split, Instant start, Duration lookback) {
        StreamType type = new StreamType(
                split.stream(), Shape.LOG, "/x", List.of(), Set.of(), Map.of(), Grain.HOUR, lookback, true);
        StreamSettings settings = new StreamSettings(
                split,
                type,
                Grain.HOUR,
                Duration.ofDays(1),
                List.of(),
                List.of(),
                Optional.of(start),
                Duration.ofMinutes(1),
                Duration.ofMinutes(15),
                Duration.ofHours(1),
                lookback,
                SAFETY_LAG,
                false,
                Duration.ofDays(7),
                Duration.ofDays(60),
                Duration.ofDays(62),
                new TreeMap<>());
        return source(split.source(), List.of(settings), 6_000);
    }

    private static SplitPlan buckets(String stream, Shape shape, Grain grain, int perPage, boolean zeros, Made made) {
        Dice dice = made.dice().of(stream.hashCode());
        Duration width = grain.width();
        Duration lookback = width.compareTo(Duration.ofDays(1)) >= 0 ? Duration.ofHours(5) : made.lookback();
        BucketShape truth = new BucketShape(
                grain,
                dice.between(1, 3),
                zeros,
                !stream.equals("embeddings"),
                lookback.toMillis(),
                dice.one(List.of(0.05, 0.3)),
                made.heal().toEpochMilli());
        Duration hot = width.multipliedBy(2);
        StreamSettings settings = settings(
                new Split(shape == Shape.BUCKETS ? "openai" : "scenario", source(shape), stream),
                shape,
                grain,
                width.multipliedBy(perPage),
                hot,
                lookback,
                made);
        return new SplitPlan(settings, Optional.of(new BucketTruth(truth, dice.of(1))), Optional.empty());
    }

    private static SplitPlan activity(Made made) {
        Dice dice = made.dice().of(5);
        LogTruth.Shape shape = new LogTruth.Shape(
                made.start().minus(Duration.ofDays(1)).toEpochMilli(),
                made.heal().toEpochMilli(),
                dice.between(0, 150),
                SAFETY_LAG.toMillis(),
                made.lookback().toMillis(),
                dice.one(List.of(0.05, 0.5)),
                made.heal().toEpochMilli());
        StreamSettings settings = settings(
                new Split("scenario", "studio", "activity"),
                Shape.LOG,
                Grain.HOUR,
                Duration.ofHours(dice.one(List.of(1, 6, 24))),
                Duration.ofMinutes(30),
                made.lookback(),
                made);
        return new SplitPlan(settings, Optional.empty(), Optional.of(new LogTruth(shape, dice.of(1))));
    }

    private static String source(Shape shape) {
        return shape == Shape.BUCKETS ? "acme" : "studio";
    }

    private static StreamSettings settings(
            Split split, Shape shape, Grain grain, Duration window, Duration hot, Duration lookback, Made made) {
        StreamType type = new StreamType(
                split.stream(), shape, "/x", List.of("project_id", "model"), Set.of(), Map.of(), grain, lookback, true);
        return new StreamSettings(
                split,
                type,
                grain,
                window,
                List.of("project_id", "model"),
                List.of(),
                Optional.of(made.start()),
                Duration.ofMinutes(15),
                hot,
                Duration.ofMinutes(60),
                lookback,
                SAFETY_LAG,
                false,
                Duration.ofDays(7),
                Duration.ofDays(60),
                made.shortMemory() ? Duration.ofHours(6) : Duration.ofDays(62),
                new TreeMap<>(Map.of("group-by", "all")));
    }

    private static List<SourceSettings> sources(List<SplitPlan> splits, int perMinute) {
        List<SourceSettings> sources = new ArrayList<>();
        for (String name : List.of("acme", "studio")) {
            List<StreamSettings> streams = splits.stream()
                    .map(SplitPlan::settings)
                    .filter(s -> s.split().source().equals(name))
                    .toList();
            if (!streams.isEmpty()) {
                sources.add(source(name, streams, perMinute));
            }
        }
        return sources;
    }

    private static SourceSettings source(String name, List<StreamSettings> streams, int perMinute) {
        return new SourceSettings(
                name,
                streams.get(0).split().provider(),
                URI.create("http://127.0.0.1/"),
                Optional.empty(),
                "",
                Map.of("key", Secret.of("k")),
                List.of(),
                List.of(),
                Optional.empty(),
                new SourceSettings.UserIds.Keep(),
                1 << 24,
                perMinute,
                streams);
    }

    static SourceSettings with(SourceSettings source, UnaryOperator<StreamSettings> change) {
        return new SourceSettings(
                source.name(),
                source.provider(),
                source.baseUrl(),
                source.proxy(),
                source.path(),
                source.credentials(),
                source.projectIds(),
                source.userIds(),
                source.teamId(),
                source.userIdMode(),
                source.maxBody(),
                source.requestsPerMinute(),
                source.streams().stream().map(change).toList());
    }

    static StreamSettings with(StreamSettings s, SortedMap<String, String> fingerprint) {
        return with(s, s.lookback(), fingerprint);
    }

    static StreamSettings with(StreamSettings s, Duration lookback, SortedMap<String, String> fingerprint) {
        return new StreamSettings(
                s.split(),
                s.type(),
                s.width(),
                s.window(),
                s.groupBy(),
                s.fields(),
                s.start(),
                s.pollInterval(),
                s.hot(),
                s.sweepInterval(),
                lookback,
                s.safetyLag(),
                s.publishZeroPoints(),
                s.rescanDaily(),
                s.rescanWeekly(),
                s.horizon(),
                fingerprint);
    }
}
