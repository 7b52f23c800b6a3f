package io.usagestream.plan;

import java.time.Duration;
import java.time.Instant;

/**
 * The requests that one source may send, shared by its streams. A fifth belongs to what is not the hot end, so that hot ends never
 * starve finality; what the hot ends leave over, the rest may use too.
 */
public final class Budget {
    private static final int SHARES = 5;

    private final double hotRate;
    private final double restRate;
    private final double hotMost;
    private final double restMost;
    private double hot;
    private double rest;
    private Instant at;

    /**
     * @param perMinute requests a minute in all
     * @param now when the budget begins, full
     */
    public Budget(int perMinute, Instant now) {
        double perSecond = perMinute / 60.0;
        restRate = perSecond / SHARES;
        hotRate = perSecond - restRate;
        // ten seconds' worth may be sent at once
        hotMost = Math.max(1, hotRate * 10);
        restMost = Math.max(1, restRate * 10);
        hot = hotMost;
        rest = restMost;
        at = now;
    }

    /** Takes one request out of the budget, or says how long to wait and takes nothing. */
    public Duration take(boolean hotEnd, Instant now) {
        Duration pause = pause(hotEnd, now);
        if (pause.isZero() && (hotEnd || rest < 1)) {
            hot--;
        } else if (pause.isZero()) {
            rest--;
        }
        return pause;
    }

    /** How long a request would have to wait; takes nothing. */
    public Duration pause(boolean hotEnd, Instant now) {
        refill(now);
        boolean leftOver = hot >= hotMost / 2 + 1;
        return hotEnd ? until(hot, hotRate) : leftOver ? Duration.ZERO : until(rest, restRate);
    }

    private static Duration until(double tokens, double rate) {
        return tokens >= 1 ? Duration.ZERO : Duration.ofMillis((long) Math.ceil((1 - tokens) / rate * 1000));
    }

    private void refill(Instant now) {
        double seconds = Math.max(0, Duration.between(at, now).toMillis() / 1000.0);
        hot = Math.min(hotMost, hot + hotRate * seconds);
        rest = Math.min(restMost, rest + restRate * seconds);
        at = now;
    }
}
