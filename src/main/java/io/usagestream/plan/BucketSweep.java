package io.usagestream.plan;

import io.usagestream.dedup.Sweep;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Page;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The reading of one window of buckets to its last page. Complete, or it counts for nothing.
 *
 * <p>A cursor is followed only inside one sweep and one query. One that upstream refuses is answered by resuming at the last good
 * bucket's end without a cursor; when that is the window's end, the sweep is complete whatever {@code has_more} says (OpenAI's cost
 * cursors are refused so: community.openai.com/t/1369109, 2025).
 */
public final class BucketSweep {
    /** Pages without a bucket that are followed in a row. */
    public static final int MAX_EMPTY_PAGES = 3;

    /** Pages more than a window should need. */
    public static final int PAGE_SLACK = 5;

    /** What a page came to. */
    public sealed interface Step {
        /** Ask for this. */
        record Read(Window window, int limit, Optional<String> cursor) implements Step {}

        /** The window is read. */
        record Complete(Sweep sweep) implements Step {}

        /** The window cannot be read so; nothing of it is used. */
        record Failed(Reason reason, String message) implements Step {}
    }

    private final Window window;
    private final Layout layout;
    private final int limit;
    private final Instant began;
    private final Optional<Grain> pinned;
    private final TreeMap<Instant, Bucket> buckets = new TreeMap<>();
    private final List<Quarantined> loose = new ArrayList<>();
    private final Set<String> cursors = new HashSet<>();
    private Window part;
    private final List<Window> silent = new ArrayList<>();
    private Optional<Grain> grain = Optional.empty();

    /** The grain of a page without buckets: good for nothing else than a window without any. */
    private Optional<Grain> silentGrain = Optional.empty();

    private int pages;
    private int emptyPages;
    private int resumed;
    private boolean grouped;
    private boolean ungrouped;

    /**
     * @param pinned the granularity that the split has, where upstream chooses
     * @param began when the first request is sent, in upstream's time
     */
    public BucketSweep(Window window, Layout layout, int limit, Optional<Grain> pinned, Instant began) {
        this.window = window;
        this.layout = layout;
        this.limit = limit;
        this.pinned = pinned;
        this.began = began;
        this.part = firstPart(window.from());
    }

    /** The first request. */
    public Step begin() {
        return new Step.Read(part, limit, Optional.empty());
    }

    /** The request that comes after the part that is read now, when that part is through. */
    public Optional<Step.Read> following() {
        return part.to().isBefore(window.to())
                ? Optional.of(new Step.Read(firstPart(part.to()), limit, Optional.empty()))
                : Optional.empty();
    }

    /** Takes a page. */
    public Step accept(Page.Buckets page) {
        pages++;
        if (page.buckets().isEmpty()) {
            silent.add(part);
            silentGrain = Optional.of(page.grain());
        } else if (pinned.isPresent() && pinned.get() != page.grain()) {
            return new Step.Failed(
                    Reason.GRANULARITY_CHANGED, "granularity is " + page.grain() + ", was " + pinned.get());
        } else if (grain.isPresent() && grain.get() != page.grain()) {
            return new Step.Failed(Reason.GRANULARITY_CHANGED, "granularity changed within the window");
        } else {
            grain = Optional.of(page.grain());
        }
        ungrouped |= page.ignoredGrouping();
        grouped |= !page.ignoredGrouping() && showsRows(page.buckets());
        loose.addAll(page.quarantined());
        int before = buckets.size();
        for (Bucket bucket : page.buckets()) {
            Bucket known = buckets.putIfAbsent(bucket.start(), bucket);
            if (known != null && !known.equals(bucket)) {
                return new Step.Failed(
                        Reason.INCONSISTENT_PAGES, "bucket " + bucket.start() + " differs between two pages");
            }
        }
        emptyPages = page.buckets().isEmpty() ? emptyPages + 1 : 0;
        return page.more() ? follow(page, buckets.size() > before) : nextPart();
    }

    /** Takes upstream's word that it does not know its own cursor. */
    public Step cursorRefused() {
        Optional<Instant> end = lastEnd();
        if (end.isEmpty()) {
            return new Step.Failed(Reason.BAD_REQUEST, "the cursor was refused before any bucket was read");
        }
        if (!end.get().isBefore(part.to())) {
            return nextPart();
        }
        if (!end.get().isAfter(part.from())) {
            return new Step.Failed(Reason.BAD_REQUEST, "the cursor was refused twice at " + end.get());
        }
        resumed++;
        part = new Window(end.get(), part.to());
        return new Step.Read(part, limit, Optional.empty());
    }

    private Step follow(Page.Buckets page, boolean broughtSome) {
        String cursor = page.cursor().orElse("");
        boolean atEnd = lastEnd().filter(end -> !end.isBefore(part.to())).isPresent();
        // the newest may come first: then what is missing is where the cursor leads
        boolean leadsOn = broughtSome && !cursor.isEmpty() && !cursors.contains(cursor);
        if (atEnd && !(leadsOn && isMissingSome())) {
            return nextPart();
        }
        if (cursor.isEmpty()) {
            return new Step.Failed(Reason.CURSOR_MISSING, "has_more without next_page");
        }
        if (!cursors.add(cursor)) {
            return new Step.Failed(Reason.CURSOR_LOOP, "next_page repeats an earlier one");
        }
        if (emptyPages > MAX_EMPTY_PAGES) {
            return new Step.Failed(Reason.EMPTY_PAGE_LIMIT, emptyPages + " pages in a row without a bucket");
        }
        if (pages > pageLimit()) {
            return new Step.Failed(
                    Reason.PAGE_LIMIT, pages + " pages for a window that " + pageLimit() + " should hold");
        }
        return new Step.Read(part, limit, Optional.of(cursor));
    }

    private boolean isMissingSome() {
        return Stream.iterate(part.from(), start -> start.isBefore(part.to()), start -> start.plus(width()))
                .anyMatch(start -> !buckets.containsKey(start));
    }

    private Step nextPart() {
        if (part.to().isBefore(window.to())) {
            part = firstPart(part.to());
            return new Step.Read(part, limit, Optional.empty());
        }
        return new Step.Complete(complete());
    }

    /** A page's worth, or a series' window: what comes next is known before the page is read, and a cursor is the exception. */
    private Window firstPart(Instant from) {
        return new Window(from, Horizon.earlier(from.plus(layout.step()), window.to()));
    }

    private Optional<Instant> lastEnd() {
        return buckets.isEmpty()
                ? Optional.empty()
                : Optional.of(buckets.lastKey().plus(width()));
    }

    private Duration width() {
        return grain.map(Grain::width).orElseGet(layout::step);
    }

    private long pageLimit() {
        long held = Math.max(1, limit) * Math.max(1, width().toSeconds());
        return window.length().toSeconds() / held + 1 + PAGE_SLACK + resumed;
    }

    private Sweep complete() {
        Grain known = grain.or(() -> pinned).or(() -> silentGrain).orElseThrow();
        Set<Instant> unreliable = new HashSet<>();
        buckets.values().stream().filter(b -> !b.quarantined().isEmpty()).forEach(b -> unreliable.add(b.start()));
        int missing = 0;
        Instant closed = Horizon.earlier(window.to(), known.floor(began));
        for (Instant start = window.from();
                !buckets.isEmpty() && start.isBefore(window.to());
                start = start.plus(known.width())) {
            if (!buckets.containsKey(start)) {
                unreliable.add(start);
                missing += start.isBefore(closed) && !isSilent(start) ? 1 : 0;
            }
        }
        boolean inconclusive = buckets.isEmpty() || !loose.isEmpty();
        return new Sweep(
                window,
                began,
                known,
                List.copyOf(buckets.values()),
                List.copyOf(loose),
                unreliable,
                inconclusive,
                missing,
                ungrouped && !grouped);
    }

    private static boolean showsRows(Collection<Bucket> buckets) {
        return buckets.stream().anyMatch(bucket -> !bucket.rows().isEmpty());
    }

    /** Whether a series that holds that time came without any bucket: nothing happened, which is no gap. */
    private boolean isSilent(Instant start) {
        return layout instanceof Layout.Series && silent.stream().anyMatch(window -> window.contains(start));
    }
}
