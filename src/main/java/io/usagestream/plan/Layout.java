package io.usagestream.plan;

import io.usagestream.stream.Grain;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How event time is laid out for reading: where windows may begin, how far they reach, what is closed. */
public sealed interface Layout {
    /** The last place at or before a time where a window may begin. */
    Instant floor(Instant time);

    /** The first place at or after a time where a window may begin. */
    default Instant ceil(Instant time) {
        Instant floor = floor(time);
        return floor.isBefore(time) ? floor.plus(unit()) : floor;
    }

    /** From one place where a window may begin to the next. */
    Duration unit();

    /** The last bucket's end at or before a time: what is final and what is closed is said in whole buckets. */
    Instant bucketFloor(Instant time);

    /** The exclusive end of what is worth asking for now: past the bucket that holds now. */
    Instant readableEnd(Instant now);

    /** The exclusive end of the closed time: what is past it may still grow by itself. */
    Instant closedEnd(Instant now);

    /** The length of one window. */
    Duration step();

    /**
     * Buckets of a width that is asked for.
     *
     * @param perPage buckets that one page holds
     */
    record Buckets(Grain width, int perPage) implements Layout {
        @Override
        public Instant floor(Instant time) {
            return width.floor(time);
        }

        @Override
        public Instant bucketFloor(Instant time) {
            return width.floor(time);
        }

        @Override
        public Instant readableEnd(Instant now) {
            return width.floor(now).plus(width.width());
        }

        @Override
        public Instant closedEnd(Instant now) {
            return width.floor(now);
        }

        @Override
        public Duration unit() {
            return width.width();
        }

        @Override
        public Duration step() {
            return width.width().multipliedBy(perPage);
        }
    }

    /**
     * Series that come whole for a window of fixed length, which decides their granularity.
     *
     * @param window the window's length
     * @param grain the granularity that upstream chose; the window's length until it is known
     */
    record Series(Grain window, Grain grain) implements Layout {
        @Override
        public Instant floor(Instant time) {
            return window.floor(time);
        }

        @Override
        public Instant bucketFloor(Instant time) {
            return grain.floor(time);
        }

        @Override
        public Instant readableEnd(Instant now) {
            return window.floor(now).plus(window.width());
        }

        @Override
        public Instant closedEnd(Instant now) {
            return grain.floor(now);
        }

        @Override
        public Duration unit() {
            return window.width();
        }

        @Override
        public Duration step() {
            return window.width();
        }
    }

    /**
     * An offset log, cut by time into slices on whole seconds.
     *
     * @param safetyLag it is read up to now less this: events may appear late by as much
     * @param longest the longest slice
     */
    record Log(Duration safetyLag, Duration longest) implements Layout {
        private static final Duration SECOND = Duration.ofSeconds(1);

        @Override
        public Instant floor(Instant time) {
            return time.truncatedTo(ChronoUnit.SECONDS);
        }

        @Override
        public Instant bucketFloor(Instant time) {
            return floor(time);
        }

        @Override
        public Instant readableEnd(Instant now) {
            return floor(now.minus(safetyLag));
        }

        @Override
        public Instant closedEnd(Instant now) {
            return readableEnd(now);
        }

        @Override
        public Duration unit() {
            return SECOND;
        }

        @Override
        public Duration step() {
            return longest;
        }
    }
}
