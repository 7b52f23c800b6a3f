package io.usagestream.plan;

import io.usagestream.stream.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a source may be asked now: one gate for all its streams, because upstream counts by account.
 *
 * <p>Open; closed until a time because upstream asked for it; tripped after many failures in a row, when one request at a time probes;
 * or halted, when a person must act and only a rare probe goes through.
 */
public final class Gate {
    /** Failures in a row, over all streams, after which only probes go through. */
    public static final int TRIP_AFTER = 8;

    /** The longest that upstream's own hint is heeded. */
    public static final Duration LONGEST_HINT = Duration.ofHours(1);

    private static final Backoff TRIPPED = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(5));
    private static final Backoff THROTTLED = Backoff.REQUESTS;

    private final Budget budget;
    private Instant closedAt = Instant.MIN;
    private Instant closedUntil = Instant.MIN;
    private Optional<Reason> reason = Optional.empty();
    private boolean halted;
    private int failures;
    private int throttles;
    private Instant latest = Instant.MIN;

    public Gate(Budget budget) {
        this.budget = budget;
    }

    /** Lets one request through and returns zero, or returns how long to wait before asking again. */
    public Duration permit(boolean hotEnd, Instant now) {
        Duration wait = pause(hotEnd, now);
        if (wait.isZero()) {
            budget.take(hotEnd, now);
        }
        if (wait.isZero() && (halted || failures >= TRIP_AFTER)) {
            // one probe; the next only after its outcome is known or this has passed
            closedUntil = now.plus(Duration.ofSeconds(5));
        }
        return wait;
    }

    /** How long a request would have to wait; lets none through. */
    public Duration pause(boolean hotEnd, Instant now) {
        heed(now);
        return now.isBefore(closedUntil) ? Duration.between(now, closedUntil) : budget.pause(hotEnd, now);
    }

    /** A clock that went back takes the closing along. */
    private void heed(Instant now) {
        if (now.isBefore(latest) && closedUntil.isAfter(now)) {
            Duration back = Duration.between(now, latest);
            closedUntil = closedUntil.minus(back);
            closedAt = closedAt.minus(back);
        }
        latest = now;
    }

    /**
     * Upstream answered as it should.
     *
     * @param sent when the request was sent: an answer that was under way when the gate was closed does not open it
     */
    public void succeeded(Instant sent) {
        if (sent.isBefore(closedAt)) {
            return;
        }
        failures = 0;
        throttles = 0;
        halted = false;
        closedUntil = Instant.MIN;
        reason = Optional.empty();
    }

    /**
     * Upstream asked to slow down.
     *
     * @param hint how long it said, if it did
     */
    public void throttled(Reason why, Optional<Duration> hint, Instant now, long random) {
        throttles++;
        Duration jitter = THROTTLED.after(throttles, random);
        Duration wait = hint.map(h -> earlier(h, LONGEST_HINT).plus(jitter.dividedBy(4)))
                .orElse(jitter);
        close(why, now, wait.isZero() ? Duration.ofMillis(100) : wait);
    }

    /** Upstream failed; after many in a row it is left alone for a while. */
    public void failed(Reason why, Instant now, long random) {
        failures++;
        if (failures >= TRIP_AFTER) {
            close(why, now, TRIPPED.after(failures - TRIP_AFTER + 1, random).plusSeconds(1));
        }
    }

    /** A person must act: only a probe goes through, between 5 and 15 minutes from now. */
    public void halt(Reason why, Instant now, long random) {
        halted = true;
        close(why, now, Duration.ofMinutes(5).plusSeconds(Math.floorMod(random, 600L)));
    }

    /** The person acted, so it seems: the next request goes through. */
    public void reopen() {
        closedUntil = Instant.MIN;
    }

    public boolean halted() {
        return halted;
    }

    /** Why and until when the source waits, if it does. */
    public Optional<Wait> waiting(Instant now) {
        return reason.filter(r -> now.isBefore(closedUntil)).map(r -> new Wait(r, closedUntil));
    }

    /** A wait that people can see. */
    public record Wait(Reason reason, Instant until) {}

    private void close(Reason why, Instant now, Duration wait) {
        Instant until = now.plus(wait);
        reason = Optional.of(why);
        closedAt = now;
        if (until.isAfter(closedUntil)) {
            closedUntil = until;
        }
    }

    private static Duration earlier(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
