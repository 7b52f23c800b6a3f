package io.usagestream.config;

import io.usagestream.source.SourceSettings;
import io.usagestream.source.StreamSettings;
import io.usagestream.source.StreamType.Shape;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Optional;

/** How many requests a source needs when all is well and history has been read: it must fit the source's budget. */
public final class Demand {
    private static final BigDecimal MINUTE = BigDecimal.valueOf(60_000);

    private Demand() {}

    /** Requests a minute that polls of the hot ends and sweeps of the lookbacks need together. */
    public static BigDecimal perMinute(SourceSettings source) {
        return source.streams().stream()
                .map(Demand::perMinute)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .setScale(1, RoundingMode.UP);
    }

    /**
     * What is wrong when the budget is too small.
     *
     * @param index of the source in the file
     */
    public static Optional<Problem> problem(int index, SourceSettings source) {
        BigDecimal needed = perMinute(source);
        return needed.compareTo(BigDecimal.valueOf(source.requestsPerMinute())) <= 0
                ? Optional.empty()
                : Optional.of(new Problem(
                        0,
                        "sources[" + index + "].requests-per-minute",
                        "its " + source.streams().size() + " streams need " + needed.toPlainString()
                                + " requests a minute, the budget is " + source.requestsPerMinute()
                                + ": raise it, or poll-interval or sweep-interval, or read fewer streams"));
    }

    private static BigDecimal perMinute(StreamSettings stream) {
        BigDecimal hot = rate(pages(stream.hot(), stream.window()), stream.pollInterval());
        return stream.type().shape() == Shape.ENTITIES
                ? hot
                : hot.add(rate(pages(stream.lookback(), stream.window()), stream.sweepInterval()));
    }

    private static long pages(Duration reach, Duration window) {
        return Math.max(1, reach.plus(window).minusNanos(1).dividedBy(window));
    }

    private static BigDecimal rate(long requests, Duration interval) {
        return BigDecimal.valueOf(requests)
                .multiply(MINUTE)
                .divide(BigDecimal.valueOf(interval.toMillis()), MathContext.DECIMAL64);
    }
}
