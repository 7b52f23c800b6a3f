package io.usagestream.ingest;

import io.usagestream.ingest.LaneStatus.Phase;
import io.usagestream.plan.Backoff;
import io.usagestream.sink.LaneImage;
import io.usagestream.sink.LaneLog;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.Ownership;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.usagestream.stream.Work;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane that this instance owns: it opens a session, hosts the loops of its splits while the session lasts, and opens it again
 * after any doubt. Nothing of a spent session lives on: the restored state says what is true.
 *
 * <p>OPENING → RUNNING → STANDING_BACK → OPENING …; REFUSED while a person must act (tried again rarely); CLOSED at the end. After a
 * fence it opens again only when the group has confirmed, by a poll made after the fence, that the lane is still ours: otherwise two
 * live processes would fence each other in turns.
 */
public final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final Backoff REOPEN = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(30));
    /** Thousands of splits that all read in the same moment would only wait for one another, and fill the heap meanwhile. */
    private static final Duration BETWEEN_STARTS = Duration.ofMillis(5);

    private static final Duration REFUSED_PAUSE = Duration.ofSeconds(60);

    private final int number;
    private final LaneLog log;
    private final Ownership ownership;
    private final List<SourceContext> sources;
    private final Ticker ticker;
    private final Observer observer;
    private final Map<String, SourceContext> byName;
    private final Set<Split> apart = new HashSet<>();

    /** What is asked of our splits and not done by all of them. */
    private final Map<String, Work> work = new LinkedHashMap<>();

    private final List<SplitLoop> loops = new ArrayList<>();
    private Optional<OpenSession> open = Optional.empty();
    private int failures;
    private boolean stopped;

    /**
     * @param sources the configured sources that belong to the lane
     */
    public Lane(
            int number,
            LaneLog log,
            Ownership ownership,
            List<SourceContext> sources,
            Ticker ticker,
            Observer observer) {
        this.number = number;
        this.log = log;
        this.ownership = ownership;
        this.sources = sources;
        this.byName =
                sources.stream().collect(Collectors.toMap(s -> s.settings().name(), Function.identity()));
        this.ticker = ticker;
        this.observer = observer;
    }

    /** Opens the lane. */
    public void start() {
        open();
    }

    /** Stops the lane at once; completes when nothing of it is in flight. */
    public Future<Void> stop() {
        stopped = true;
        tell(Phase.CLOSED, "");
        return close();
    }

    /** Hands a piece of work to the splits that it is for. */
    public void work(Work piece) {
        SourceContext source = byName.get(piece.source());
        if (source == null) {
            return;
        }
        if (piece.isOverFor(source.settings().splits())) {
            work.remove(piece.id());
        } else {
            work.put(piece.id(), piece);
        }
        loops.forEach(loop -> offer(piece, loop));
    }

    /** A piece of work is not to be done any more; its id may be used again. */
    public void forget(String id) {
        work.remove(id);
        loops.forEach(loop -> loop.forget(id));
    }

    private void open() {
        if (stopped) {
            return;
        }
        tell(Phase.OPENING, "");
        Instant began = ticker.now();
        LocalDate eagerFrom = eagerFrom(began);
        log.open(number, name -> !name.day().isBefore(eagerFrom) || name.day().equals(LocalDate.EPOCH))
                .onComplete(opened -> ticker.execute(() -> {
                    if (opened.failed()) {
                        openFailed(SinkFailure.of(opened.cause()), Duration.between(began, ticker.now()));
                    } else if (stopped) {
                        opened.result().close();
                    } else {
                        run(opened.result(), began);
                    }
                }));
    }

    /** The first day that a watermark which kept up needs on the heap; what an outage left behind is loaded by its place. */
    private LocalDate eagerFrom(Instant now) {
        Duration longest = sources.stream()
                .flatMap(source -> source.settings().streams().stream())
                .map(stream -> stream.lookback().plus(stream.window()))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return Window.dayOf(now.minus(longest)).minusDays(1);
    }

    private void run(LaneSession opened, Instant began) {
        LaneImage image = opened.restored();
        long bytes = image.bytes();
        OpenSession session = new OpenSession(
                number, opened, WindowSlots.ofOneOf(log.lanes()), apart, ticker, observer, new OpenSession.Host() {
                    @Override
                    public void committed() {
                        failures = 0;
                    }

                    @Override
                    public void spent(OpenSession of, SinkFailure failure) {
                        Lane.this.spent(of, failure);
                    }
                });
        open = Optional.of(session);
        new Restoration(number, sources, ticker, observer)
                .memories(opened, image)
                .onComplete(restored -> ticker.execute(() -> {
                    if (stopped) {
                        return;
                    }
                    if (restored.failed()) {
                        spent(session, SinkFailure.of(restored.cause()));
                        return;
                    }
                    Duration took = Duration.between(began, ticker.now());
                    begin(restored.result(), session, took, bytes);
                }));
    }

    private void begin(Collection<SplitMemory> memories, OpenSession session, Duration took, long bytes) {
        for (SplitMemory memory : memories) {
            SourceContext source =
                    Optional.ofNullable(byName.get(memory.split().source())).orElseThrow();
            loops.add(new SplitLoop(memory, source, session, ticker, observer));
        }
        observer.lane(new LaneStatus(number, Phase.RUNNING, loops.size(), ticker.now(), Optional.of(took), bytes, ""));
        Duration pause = Duration.ZERO;
        for (SplitLoop loop : List.copyOf(loops)) {
            loop.start(pause);
            pause = pause.plus(BETWEEN_STARTS);
        }
        work.values().forEach(piece -> loops.forEach(loop -> offer(piece, loop)));
    }

    private static void offer(Work piece, SplitLoop loop) {
        boolean meant = piece.isFor(loop.split());
        if (meant && piece.finished().contains(loop.split().name())) {
            loop.finished(piece.id());
        } else if (meant) {
            loop.request(piece.id(), piece.window());
        }
    }

    private void openFailed(SinkFailure failure, Duration took) {
        observer.commitFailed(number, failure, took);
        standBack(failure);
    }

    /** The session is spent: everything of it is thrown away. What a session reports that is thrown away already changes nothing. */
    private void spent(OpenSession of, SinkFailure failure) {
        if (stopped || open.filter(current -> current == of).isEmpty()) {
            return;
        }
        close().onComplete(closed -> ticker.execute(() -> standBack(failure)));
    }

    private void standBack(SinkFailure failure) {
        if (stopped) {
            return;
        }
        failures++;
        LOG.atWarn()
                .addKeyValue("lane", number)
                .addKeyValue("outcome", failure.getClass().getSimpleName())
                .addKeyValue("message", failure.message())
                .log("lane stands back");
        if (failure instanceof SinkFailure.Refused refused) {
            tell(Phase.REFUSED, refused.message());
            ticker.after(REFUSED_PAUSE, this::open);
            return;
        }
        tell(Phase.STANDING_BACK, failure.message());
        Duration pause = REOPEN.after(failures, ticker.random()).plusMillis(100);
        if (failure instanceof SinkFailure.Fenced) {
            ticker.after(pause, this::confirm);
        } else {
            ticker.after(pause, this::open);
        }
    }

    private void confirm() {
        if (stopped) {
            return;
        }
        ownership
                .confirm(number)
                .onComplete(ours -> ticker.execute(() -> {
                    if (ours.succeeded() && ours.result()) {
                        open();
                    } else if (!stopped) {
                        observer.unconfirmed(number);
                        ticker.after(Duration.ofSeconds(1), this::confirm);
                    }
                }));
    }

    private Future<Void> close() {
        loops.forEach(SplitLoop::stop);
        loops.clear();
        Future<Void> closed = open.map(OpenSession::close).orElseGet(Future::succeededFuture);
        open = Optional.empty();
        return closed.otherwiseEmpty();
    }

    private void tell(Phase now, String message) {
        observer.lane(new LaneStatus(number, now, loops.size(), ticker.now(), Optional.empty(), 0, message));
    }
}
