package io.usagestream.plan;

import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a person asked for and is not read yet, by the id of the piece of work; one is read after the other. */
final class Requests {
    /** What of a piece of work is still to be read. */
    record Rest(String id, Window window) {}

    private final Map<String, Window> rest = new LinkedHashMap<>();
    private Instant nextTry;

    Requests(Instant now) {
        nextTry = now;
    }

    void add(String id, Window window) {
        rest.put(id, window);
    }

    /** Takes over what another was asked for. */
    void carry(Requests from) {
        rest.putAll(from.rest);
    }

    boolean has(String id) {
        return rest.containsKey(id);
    }

    void drop(String id) {
        rest.remove(id);
    }

    /** What is to be read now. */
    Optional<Rest> next(Instant now) {
        if (nextTry.isAfter(now)) {
            return Optional.empty();
        }
        return rest.entrySet().stream().findFirst().map(e -> new Rest(e.getKey(), e.getValue()));
    }

    /** What of a piece of work comes after a time. */
    Optional<Rest> from(String id, Instant time) {
        return Optional.ofNullable(rest.get(id))
                .filter(window -> time.isBefore(window.to()))
                .map(window -> new Rest(id, new Window(time, window.to())));
    }

    /** Whether a piece of work goes on at a time. */
    boolean standsAt(String id, Instant from, Layout layout) {
        Window window = rest.get(id);
        return window != null && layout.floor(window.from()).equals(from);
    }

    /** What of a piece of work lies before that is read. */
    void finished(String id, Instant to) {
        Optional<Rest> left = from(id, to);
        if (left.isPresent()) {
            rest.put(id, left.get().window());
        } else {
            rest.remove(id);
        }
    }

    /** A piece of work is tried again then, and others go first. */
    void failed(String id, Instant again) {
        nextTry = again;
        Window window = rest.remove(id);
        if (window != null) {
            rest.put(id, window);
        }
    }

    /** The clock went back, and what was due goes along. */
    void wentBack(Duration back) {
        nextTry = nextTry.minus(back);
    }

    /** Before that there is nothing to do. */
    Instant wake() {
        return rest.isEmpty() ? Instant.MAX : nextTry;
    }
}
