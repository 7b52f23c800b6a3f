package io.usagestream.plan;

import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;

/**
 * How far a split is read and final. Neither moves back.
 *
 * <p>{@code watermark} is the greatest time such that every bucket that ends at or before it was read by a complete sweep that
 * <em>began</em> at or after its end + lookback. {@code frontier − lookback} is only its upper bound: after an outage longer than
 * the lookback the frontier is ahead, but what lies between was never read late enough.
 */
public record Horizon(Instant frontier, Instant watermark) {
    public Horizon {
        if (watermark.isAfter(frontier)) {
            throw new IllegalArgumentException("watermark " + watermark + " after frontier " + frontier);
        }
    }

    /**
     * The horizon after a complete read.
     *
     * @param read the window that was read to its end
     * @param began when its first request was sent, in upstream's time
     */
    public Horizon after(Window read, Instant began, Duration lookback, Layout layout) {
        Instant frontierNow = frontier;
        if (!read.from().isAfter(frontier)) {
            frontierNow = later(frontier, earlier(read.to(), layout.closedEnd(began)));
        }
        Instant watermarkNow = watermark;
        if (!read.from().isAfter(watermark)) {
            Instant settled = layout.bucketFloor(began.minus(lookback));
            watermarkNow = later(watermark, earlier(earlier(read.to(), settled), frontierNow));
        }
        return new Horizon(frontierNow, watermarkNow);
    }

    static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
