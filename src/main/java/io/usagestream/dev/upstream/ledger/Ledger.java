package io.usagestream.dev.upstream.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What simulated accounts have used, and what upstream shows of it now.
 *
 * <p>Nothing is stored: usage of any time, and what later becomes of it, is a pure function of the settings; the clock says how
 * much of it shows. So two ledgers with the same settings show the same at the same time. What a test changes on purpose is an
 * overlay on that.
 */
public final class Ledger {
    /** How much a spike is: what so long a time usually comes to. */
    private static final Duration SPIKE = Duration.ofHours(6);

    private final LedgerSettings settings;
    private final InstantSource clock;
    private final Overlay overlay = new Overlay();
    private final Map<Integer, Organization> organizations = new ConcurrentHashMap<>();
    private final Map<Integer, Studio> studios = new ConcurrentHashMap<>();
    private volatile Optional<Instant> frozen = Optional.empty();

    public Ledger(LedgerSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    public LedgerSettings settings() {
        return settings;
    }

    /** Upstream's clock. It goes on when the ledger is frozen. */
    public Instant now() {
        return clock.instant();
    }

    /** The moment as of which usage shows: now, or when the ledger was frozen. */
    public Instant asOf() {
        return frozen.orElseGet(clock::instant);
    }

    /**
     * From now on nothing more happens and nothing more changes, so that what upstream shows can be compared with what was read of
     * it. Answers the moment as of which usage shows from now on.
     */
    public Instant freeze() {
        return freeze(clock.instant());
    }

    /** Freezes at a given moment: what another process froze can be computed here. */
    public Instant freeze(Instant moment) {
        frozen = Optional.of(moment);
        return moment;
    }

    /** Life goes on, and what would have happened has happened. */
    public void thaw() {
        frozen = Optional.empty();
    }

    public List<UsageBucket> usage(UsageQuery query) {
        return books(query.account()).usage(query);
    }

    public List<CostBucket> costs(CostQuery query) {
        return books(query.account()).costs(query);
    }

    /** The pieces of usage of {@code [from, to)} that show, in the order of their times. */
    public List<Usage> pieces(int account, Meter meter, Instant from, Instant to) {
        List<Usage> pieces = new ArrayList<>();
        books(account).play(meter, from.getEpochSecond(), to.getEpochSecond(), pieces::add);
        pieces.sort(Comparator.comparingLong(Usage::second));
        return pieces;
    }

    /** The events that show, oldest first; events of the same millisecond keep a fixed order. */
    public List<StudioEvent> events(StudioQuery query) {
        List<StudioEvent> events = new ArrayList<>();
        play(query, events::add);
        events.sort(Comparator.comparing(StudioEvent::time).thenComparingLong(StudioEvent::id));
        return events;
    }

    /** The same events in no order. */
    public void play(StudioQuery query, Consumer<StudioEvent> sink) {
        Studio studio = studio(query.account());
        long from = query.from().toEpochMilli();
        long to = query.to().toEpochMilli();
        new EventTape(query.account(), studio, settings).play(from, to, asOf().toEpochMilli(), event -> {
            if (overlay.keeps(query.account(), event.id()) && query.admits(event, studio)) {
                sink.accept(event);
            }
        });
        for (StudioEvent event : overlay.events(query.account(), from, to)) {
            if (query.admits(event, studio)) {
                sink.accept(event);
            }
        }
    }

    public Studio studio(int account) {
        return studios.computeIfAbsent(account, a -> new Studio(settings.seed(), a));
    }

    /** Adds a piece of usage that shows at once, whatever its time: a late row, or a row that grows. */
    public void add(int account, Usage usage) {
        overlay.add(account, usage);
    }

    /** Adds an event that shows at once, whatever its time. */
    public void add(int account, StudioEvent event) {
        overlay.add(account, event);
    }

    /**
     * Plants a spike, as a runaway job would make one: at that moment one of the busiest callers uses as much as the whole account
     * did in the six hours before.
     */
    public void spike(int account, Instant at) {
        List<Usage> lately = pieces(account, Meter.COMPLETIONS, at.minus(SPIKE), at);
        Map<List<Optional<String>>, List<Usage>> byModel = lately.stream()
                .collect(Collectors.groupingBy(
                        piece -> List.of(piece.dimension("project_id"), piece.dimension("model"))));
        byModel.values().stream().max(Comparator.comparingInt(List::size)).ifPresent(busiest -> {
            Usage like = busiest.get(busiest.size() - 1);
            List<Optional<String>> dimensions =
                    like.meter().allDimensions().stream().map(like::dimension).toList();
            long[] sums = new long[like.meter().measures().size()];
            lately.forEach(piece -> piece.addTo(sums));
            add(account, new Usage(at.toEpochMilli(), like.meter(), at.getEpochSecond(), dimensions, sums));
        });
    }

    /** Takes a piece of usage away. */
    public void strike(int account, Usage usage) {
        overlay.strike(account, usage.id());
    }

    /** Takes an event away. */
    public void strike(int account, StudioEvent event) {
        overlay.strike(account, event.id());
    }

    private OpenAiBooks books(int account) {
        Organization organization = organizations.computeIfAbsent(account, a -> new Organization(settings.seed(), a));
        return new OpenAiBooks(settings, account, organization, overlay, asOf().getEpochSecond());
    }
}
