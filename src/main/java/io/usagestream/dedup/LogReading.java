package io.usagestream.dedup;

import io.usagestream.stream.Digest;
import io.usagestream.stream.Event;
import io.usagestream.stream.Identity;
import io.usagestream.stream.LogRow;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;

/**
 * The verified reading of one slice of an offset log: rows without ids, pages at an offset, a list that may shift while it is read.
 *
 * <p>A response shorter than the largest page that the source ever sent is whole: one atomic snapshot, verified by itself. A
 * fuller slice is to be halved while that helps; else it is read by offset, each request starting inside the page before, so that
 * an offset never points past the end and a shifted list shows. Two passes in a row with the same multiset of rows settle it: for
 * a list that only grows they equal the list at the end of the first.
 */
public final class LogReading {
    /** Rows by which a request overlaps the page before. */
    public static final int OVERLAP = 10;

    /** Passes after which a slice that does not settle is given up for now. */
    public static final int MAX_PASSES = 8;

    /** The smallest page that a source may have. */
    private static final int SMALLEST_PAGE = 2;

    /** Rows of one slice at most, whatever upstream sends. */
    public static final int MAX_ROWS = 2_000_000;

    /** What a page came to. */
    public sealed interface Step {
        /** Read on at that offset. */
        record Read(long offset) implements Step {}

        /** The slice is verified. */
        record Settled(VerifiedSlice slice) implements Step {}

        /**
         * The slice holds more than a page: read shorter ones.
         *
         * @param shown the time over which the page's rows are spread
         */
        record Halve(Duration shown) implements Step {}

        /** The list would not hold still. */
        record Unstable(int passes) implements Step {}
    }

    private final Window window;
    private final boolean divisible;
    private int pageSize;
    private int passes;
    private List<LogRow> rows = new ArrayList<>();
    private List<LogRow> tail = List.of();
    private Instant began;
    private Optional<Digest> before = Optional.empty();

    /**
     * @param window the slice
     * @param pageSize the largest page that the source ever sent; 0 when none is known
     * @param divisible whether the slice may still be halved
     * @param now when the first request is sent
     */
    public LogReading(Window window, int pageSize, boolean divisible, Instant now) {
        this.window = window;
        this.pageSize = pageSize;
        this.divisible = divisible;
        this.began = now;
    }

    /** The first request. */
    public Step begin() {
        return new Step.Read(0);
    }

    /** The largest page that the source ever sent, this reading included. */
    public int pageSize() {
        return pageSize;
    }

    /**
     * Takes a page.
     *
     * @param page the rows in upstream's order
     * @param now when the next request will be sent
     */
    public Step accept(List<LogRow> page, Instant now) {
        // no server pages by one: a single row is all there is, and to ask behind it might wrap to the first
        boolean whole = page.size() < Math.max(pageSize, SMALLEST_PAGE);
        pageSize = Math.max(pageSize, page.size());
        if (rows.isEmpty()) {
            if (whole) {
                return settled(page);
            }
            if (divisible && passes == 0 && worthHalving(page)) {
                return new Step.Halve(spread(page));
            }
            return page.isEmpty() ? endOfPass(now) : readOn(page, page, now);
        }
        int overlap = tail.size();
        if (page.size() < overlap || !page.subList(0, overlap).equals(tail)) {
            return nextPass(Optional.empty(), now);
        }
        List<LogRow> beyond = page.subList(overlap, page.size());
        return beyond.isEmpty() ? endOfPass(now) : readOn(beyond, page, now);
    }

    /** A few rows are cheaper read by offset; rows from beside the window show that upstream does not heed times of day. */
    private boolean worthHalving(List<LogRow> page) {
        return page.size() >= 2 * OVERLAP && page.stream().allMatch(this::inside);
    }

    private Step readOn(List<LogRow> beyond, List<LogRow> page, Instant now) {
        rows.addAll(beyond);
        if (rows.size() > MAX_ROWS) {
            return new Step.Unstable(passes + 1);
        }
        // a short page must still get us on by half of it
        int overlap = Math.min(OVERLAP, Math.max(1, page.size() / 2));
        tail = List.copyOf(page.subList(page.size() - overlap, page.size()));
        return new Step.Read(rows.size() - overlap);
    }

    private Step endOfPass(Instant now) {
        Digest digest = multiset();
        return before.filter(digest::equals).isPresent() ? settled(rows) : nextPass(Optional.of(digest), now);
    }

    private Step nextPass(Optional<Digest> digest, Instant now) {
        passes++;
        if (passes >= MAX_PASSES) {
            return new Step.Unstable(passes);
        }
        if (digest.isEmpty()) {
            began = now;
        }
        before = digest;
        rows = new ArrayList<>();
        tail = List.of();
        return new Step.Read(0);
    }

    private Step settled(List<LogRow> verified) {
        List<Event> events = new ArrayList<>();
        List<Quarantined> quarantined = new ArrayList<>();
        for (LogRow row : verified) {
            if (row instanceof Event event) {
                if (inside(event)) {
                    events.add(event);
                }
            } else if (row instanceof Quarantined set && inside(set)) {
                quarantined.add(set);
            }
        }
        return new Step.Settled(new VerifiedSlice(window, began, events, quarantined));
    }

    /** Where a row's time is not known, it may lie inside. */
    private boolean inside(LogRow row) {
        return time(row).map(window::contains).orElse(true);
    }

    private static Duration spread(List<LogRow> page) {
        LongSummaryStatistics times = page.stream()
                .flatMap(row -> time(row).stream())
                .mapToLong(Instant::toEpochMilli)
                .summaryStatistics();
        return Duration.ofMillis(times.getCount() == 0 ? 0 : times.getMax() - times.getMin());
    }

    private static Optional<Instant> time(LogRow row) {
        return row instanceof Event event ? Optional.of(event.time()) : ((Quarantined) row).time();
    }

    /** The digest of the window's rows, whatever their order: what lies outside may change as it likes. */
    private Digest multiset() {
        Digest sum = new Digest(0, 0);
        for (LogRow row : rows) {
            if (inside(row)) {
                sum = sum.plus(
                        row instanceof Event event
                                ? Digest.of(Identity.text(event)
                                        + PublishedContent.of(event, false).hex())
                                : ((Quarantined) row).digest());
            }
        }
        return sum;
    }
}
