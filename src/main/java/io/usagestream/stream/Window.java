package io.usagestream.stream;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Stream;

/** A half-open, non-empty interval of event time, {@code [from, to)}. */
public record Window(Instant from, Instant to) {
    public Window {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("empty window " + from + " … " + to);
        }
    }

    /** The window of one UTC day. */
    public static Window of(LocalDate day) {
        return new Window(startOf(day), startOf(day.plusDays(1)));
    }

    /** The instant at which a UTC day begins. */
    public static Instant startOf(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** The UTC day that an instant belongs to. */
    public static LocalDate dayOf(Instant time) {
        return LocalDate.ofEpochDay(Math.floorDiv(time.getEpochSecond(), 86_400L));
    }

    public boolean contains(Instant time) {
        return !time.isBefore(from) && time.isBefore(to);
    }

    public Duration length() {
        return Duration.between(from, to);
    }

    /** The UTC days that the window touches, in order. */
    public Stream<LocalDate> days() {
        return dayOf(from).datesUntil(dayOf(to.minusNanos(1)).plusDays(1));
    }

    @Override
    public String toString() {
        return from + "/" + to;
    }
}
