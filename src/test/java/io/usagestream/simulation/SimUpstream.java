package io.usagestream.simulation;

import io.usagestream.source.Failure;
import io.usagestream.source.Upstream;
import io.usagestream.source.UpstreamException;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Grain;
import io.usagestream.stream.LogRow;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Point;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** One upstream account: answers from the truth as it is when the request arrives, late, wrongly or not at all. */
final class SimUpstream implements Upstream {
    private final SimWorld world;
    private final Dice dice;
    private final Supplier<Weather> weather;
    private final Served served;
    private final Map<String, BucketTruth> buckets = new HashMap<>();
    private final Map<String, LogTruth> logs = new HashMap<>();
    private final ListHabits habits;
    private long refusedUntil;
    private long lastListed = -1;
    private int seriesPages;

    /** Told of every page that upstream put together, whether it arrives or not. */
    interface Served {
        void buckets(PageRequest.Buckets request, long from, long to);

        void log(PageRequest.Log request);
    }

    /** How the account's log behaves. */
    record ListHabits(int pageSize, boolean newestFirst, boolean endInclusive, boolean wraps, boolean daysOnly) {}

    SimUpstream(SimWorld world, Dice dice, Supplier<Weather> weather, ListHabits habits, Served served) {
        this.world = world;
        this.dice = dice;
        this.weather = weather;
        this.habits = habits;
        this.served = served;
    }

    void offers(String stream, BucketTruth truth) {
        buckets.put(stream, truth);
    }

    void offers(String stream, LogTruth truth) {
        logs.put(stream, truth);
    }

    @Override
    public Future<Page> read(PageRequest request, Runnable arrived) {
        Promise<Page> promise = Promise.promise();
        boolean slow = occurs(weather.get().slow(), FaultKind.SLOW_ANSWER);
        long there = slow ? dice.between(1_000, 60_000) : dice.between(20, 200);
        long back = slow ? dice.between(1_000, 60_000) : dice.between(20, 200);
        world.in(there, () -> {
            Optional<Failure> failure = failure(request);
            if (failure.isPresent()) {
                Runnable failing = () -> promise.fail(new UpstreamException(failure.get()));
                decode(failure.get() instanceof Failure.Malformed, back, arrived, failing);
                return;
            }
            Page page = page(request);
            if (occurs(weather.get().request() / 2, FaultKind.LOST_REPLY)) {
                Failure lost = new Failure.Unavailable(Reason.TIMEOUT, "no answer", true, Optional.empty());
                world.in(30_000, () -> promise.fail(new UpstreamException(lost)));
            } else {
                decode(true, back, arrived, () -> promise.complete(page));
            }
        });
        return promise.future();
    }

    /** What arrived may be large, and take a while to decode. */
    private void decode(boolean good, long back, Runnable arrived, Runnable decoded) {
        if (good && dice.chance(0.5)) {
            world.in(back, arrived);
            world.in(back + dice.between(1, 500), decoded);
        } else {
            world.in(back, decoded);
        }
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    private boolean occurs(double probability, FaultKind kind) {
        if (probability > 0 && dice.chance(probability)) {
            kind.occurred();
            return true;
        }
        return false;
    }

    private Optional<Failure> failure(PageRequest request) {
        if (request instanceof PageRequest.Buckets of
                && of.cursor().filter(cursor -> !cursor.endsWith(mark(of))).isPresent()) {
            return Optional.of(new Failure.CursorRefused("page token is of another query"));
        }
        double p = weather.get().request();
        if (p == 0) {
            return Optional.empty();
        }
        if (world.millis() < refusedUntil || occurs(p / 40, FaultKind.AUTH_REJECTED)) {
            if (world.millis() >= refusedUntil) {
                refusedUntil = world.millis() + dice.between(100, 600_000);
            }
            return Optional.of(new Failure.Rejected(Reason.AUTH_REJECTED, "no", Optional.empty()));
        }
        if (occurs(p, FaultKind.THROTTLED)) {
            Optional<Duration> pause =
                    dice.chance(0.5) ? Optional.empty() : Optional.of(Duration.ofMillis(dice.between(0, 90_000)));
            return Optional.of(new Failure.Throttled(Reason.RATE_LIMITED, "slow", pause));
        }
        if (occurs(p, FaultKind.SERVER_ERROR)) {
            return Optional.of(new Failure.Unavailable(Reason.SERVER_ERROR, "503", dice.chance(0.8), Optional.empty()));
        }
        if (occurs(p, FaultKind.TRUNCATED)) {
            return Optional.of(new Failure.Malformed(Reason.TRUNCATED_BODY, "cut"));
        }
        if (occurs(p, FaultKind.MALFORMED)) {
            return Optional.of(new Failure.Malformed(Reason.MALFORMED_JSON, "{"));
        }
        if (request instanceof PageRequest.Buckets of) {
            if (of.cursor().isPresent() && occurs(p * 4, FaultKind.CURSOR_REFUSED)) {
                return Optional.of(new Failure.CursorRefused("page token is invalid"));
            }
            if (of.limit() > 1 && occurs(p / 4, FaultKind.TOO_LARGE)) {
                return Optional.of(new Failure.TooLarge(Reason.BODY_TOO_LARGE, "too large"));
            }
        }
        return Optional.empty();
    }

    private Page page(PageRequest request) {
        if (request instanceof PageRequest.Buckets of) {
            return buckets(of);
        }
        if (request instanceof PageRequest.Log of) {
            return log(of);
        }
        return new Page.Entities(date(), List.of(), List.of());
    }

    private Optional<Instant> date() {
        return Optional.of(world.now().truncatedTo(ChronoUnit.SECONDS));
    }

    // ---- buckets

    private Page buckets(PageRequest.Buckets request) {
        BucketTruth truth = Objects.requireNonNull(buckets.get(request.split().stream()));
        Grain grain = truth.shape.grain();
        double p = weather.get().request();
        long width = grain.width().toMillis();
        long now = world.millis();
        long from = request.cursor()
                .map(cursor -> Long.parseLong(cursor.substring(0, cursor.indexOf('@'))))
                .orElse(request.window().from().toEpochMilli());
        boolean series = !request.split().provider().equals("openai");
        long end = request.window().to().toEpochMilli();
        long to = series ? end : Math.min(end, from + request.limit() * width);
        List<Bucket> page = new ArrayList<>();
        boolean empty = occurs(p / 4, FaultKind.EMPTY_DATA);
        for (long start = from; start < to && start <= now && !empty; start += width) {
            if (occurs(p / 2, FaultKind.MISSING_BUCKET)) {
                continue;
            }
            page.add(bucket(truth, start, now, Math.min(start + width, now)));
        }
        boolean more = !series && to < end && to <= now && !empty;
        // what is said to be all covers the rest of the window, be it empty
        served.buckets(request, from, more ? to : end);
        Optional<String> cursor = more ? Optional.of(to + mark(request)) : Optional.empty();
        if (more && occurs(p, FaultKind.CURSOR_MISSING)) {
            cursor = Optional.empty();
        }
        // never at first: what a split first sees is pinned, right or wrong
        boolean changed = series && ++seriesPages > 100 && occurs(p / 2, FaultKind.GRANULARITY_CHANGED);
        Grain said = changed ? Grain.MINUTE : grain;
        if (dice.chance(0.2)) {
            Collections.reverse(page);
        }
        return new Page.Buckets(date(), said, page, List.of(), more, cursor, false);
    }

    /** What binds a cursor to its query. */
    private static String mark(PageRequest.Buckets request) {
        return "@" + request.window() + "/" + request.limit();
    }

    private Bucket bucket(BucketTruth truth, long start, long now, long end) {
        List<Point> rows = new ArrayList<>();
        List<Quarantined> bad = new ArrayList<>();
        Instant at = Instant.ofEpochMilli(start);
        for (RowStory row : truth.bucket(start)) {
            RowStory.Version version = row.at(now);
            if (version instanceof RowStory.Version.Shown shown) {
                rows.add(new Point(at, truth.shape.grain(), ByName.of(row.dimensions), Measures.of(shown.measures())));
            } else if (version instanceof RowStory.Version.Bad) {
                Digest digest = Digest.of(start + row.dimensions.toString());
                bad.add(new Quarantined(Reason.BAD_NUMBER, "a number", "/", Optional.empty(), digest, Optional.of(at)));
            }
        }
        return new Bucket(at, Instant.ofEpochMilli(end), rows, bad);
    }

    // ---- the log

    private Page log(PageRequest.Log request) {
        LogTruth truth = Objects.requireNonNull(logs.get(request.split().stream()));
        long now = world.millis();
        List<LogTruth.Real> list = list(truth, request.window(), now);
        if (request.offset() > 0 && list.hashCode() != lastListed) {
            FaultKind.SHIFTED_LIST.occurred();
        }
        lastListed = list.hashCode();
        int offset = (int) request.offset();
        if (offset >= list.size() && offset > 0) {
            FaultKind.OFFSET_WRAPPED.occurred();
            offset = habits.wraps() ? 0 : list.size();
        }
        List<LogRow> page = new ArrayList<>();
        for (LogTruth.Real real : list.subList(offset, Math.min(list.size(), offset + habits.pageSize()))) {
            if (now < real.badUntil()) {
                Digest digest = Digest.of(real.order() + "bad");
                Instant time = real.event().time();
                page.add(new Quarantined(
                        Reason.BAD_NUMBER, "a number", "/", Optional.empty(), digest, Optional.of(time)));
            } else {
                page.add(real.at(now));
            }
        }
        served.log(request);
        return new Page.Log(date(), page);
    }

    private List<LogTruth.Real> list(LogTruth truth, Window window, long now) {
        Instant from = habits.daysOnly() ? window.from().truncatedTo(ChronoUnit.DAYS) : window.from();
        Instant to =
                habits.daysOnly() ? window.to().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1)) : window.to();
        List<LogTruth.Real> list = new ArrayList<>();
        for (LogTruth.Real real : truth.events) {
            Instant time = real.event().time();
            boolean inside = !time.isBefore(from) && (time.isBefore(to) || (habits.endInclusive() && time.equals(to)));
            if (inside && real.shownAt(now)) {
                list.add(real);
            }
        }
        if (habits.newestFirst()) {
            Collections.reverse(list);
        }
        return list;
    }
}
