package io.usagestream.ops;

import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.dedup.AdmittedRows;
import io.usagestream.ingest.LaneStatus;
import io.usagestream.ingest.LaneStatus.Phase;
import io.usagestream.ingest.Observer;
import io.usagestream.ingest.SplitStatus;
import io.usagestream.ops.Instance.ConfiguredSource;
import io.usagestream.plan.Gate;
import io.usagestream.sink.Batch;
import io.usagestream.sink.LaneNumber;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Finality;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Publication.QuarantinedRow;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.SplitState;
import io.usagestream.stream.Utf8;
import io.usagestream.stream.Window;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A service that seems to be at work: it tells {@link Operations} what a real one would, for two weeks of usage, with faults of every
 * kind and hostile names. Run its {@code main} to look at the console.
 */
public final class LivelyService {
    static final String HOSTILE = "<script>window.pwned=1</script><img src=x onerror=window.pwned=1>";

    private static final int LANES = 4;
    private static final List<String> MODELS =
            List.of("gpt-5.2", "gpt-5.2-mini", "o5", "text-embedding-4-large", "gpt-image-2", HOSTILE);

    private static final Duration AGE = Duration.ofMinutes(95);

    private final InstantSource clock;
    private final Operations operations;
    private final Random random = new Random(7);

    /** How far in the past it is for the service: it lives through its history before it arrives in the present. */
    private Duration back = AGE;

    LivelyService(InstantSource real) {
        this.clock = () -> real.instant().minus(back);
        Instance instance = new Instance("usagestream-0", "1.0.0", clock.instant(), "usage", LANES, sources());
        this.operations = new Operations(instance, Duration.ofMinutes(5), clock);
    }

    public static void main(String[] args) throws InterruptedException {
        LivelyService service = new LivelyService(InstantSource.system());
        Vertx vertx = Vertx.vertx();
        service.operations()
                .deploy(vertx, "127.0.0.1", 18_081, Optional.empty())
                .onSuccess(pages -> System.out.println("http://127.0.0.1:" + pages.port() + "/"));
        service.begin();
        while (true) {
            Thread.sleep(1_000);
            service.goOn();
        }
    }

    Operations operations() {
        return operations;
    }

    private static List<ConfiguredSource> sources() {
        List<String> openai = List.of("completions", "embeddings", "images", "costs");
        return List.of(
                new ConfiguredSource("acme", "openai", openai),
                new ConfiguredSource("research", "openai", openai),
                new ConfiguredSource(
                        "studio", "scenario", List.of("activity", "usages", "model-usages", "consumption")),
                new ConfiguredSource("subsidiary", "openai", List.of("completions", "costs")));
    }

    /** Two weeks of usage, restatements, quarantine, a source that was refused, a lane that is elsewhere. */
    void begin() {
        Observer observer = operations.observer();
        operations.readiness().prepared();
        operations.metrics().transactionVersion(2);
        for (int lane = 0; lane < LANES; lane++) {
            if (lane != elsewhere()) {
                observer.lane(new LaneStatus(lane, Phase.OPENING, 0, now(), Optional.empty(), 0, ""));
                observer.lane(new LaneStatus(
                        lane, Phase.RUNNING, 6, now(), Optional.of(Duration.ofMillis(312)), 1_234_567, ""));
            }
        }
        operations.board().owners(Map.of(elsewhere(), "usagestream-1"));
        for (ConfiguredSource source : sources()) {
            for (String stream : source.streams()) {
                Split split = new Split(source.provider(), source.name(), stream);
                if (!source.name().equals("subsidiary")) {
                    history(split);
                }
            }
        }
        for (long minutes = AGE.toMinutes(); minutes >= 0; minutes--) {
            back = Duration.ofMinutes(minutes);
            int busy = random.nextInt(3);
            for (int i = 0; i < busy; i++) {
                goOn();
            }
            observer.committed(0, List.of(), Duration.ofMillis(9));
        }
        refuseSubsidiary();
        observer.commitFailed(0, new SinkFailure.Aborted("the broker 2 went away"), Duration.ofMillis(900));
        observer.lateChanges(split("openai", "acme", "costs"), 3);
        observer.waiting(split("openai", "research", "images"), Duration.ofSeconds(95));
    }

    /** A lane without sources of its own, if there is one. */
    private static int elsewhere() {
        return java.util.stream.IntStream.range(0, LANES)
                .filter(lane -> sources().stream().noneMatch(s -> LaneNumber.of(s.name(), LANES) == lane))
                .findFirst()
                .orElse(LANES - 1);
    }

    /** A poll of every stream. */
    void goOn() {
        for (ConfiguredSource source : sources()) {
            for (String stream : source.streams()) {
                Split split = new Split(source.provider(), source.name(), stream);
                if (!source.name().equals("subsidiary")) {
                    poll(split, now());
                }
            }
        }
    }

    private void refuseSubsidiary() {
        refused(split("openai", "subsidiary", "completions"));
        refused(split("openai", "subsidiary", "costs"));
    }

    private void refused(Split split) {
        String message = "401 invalid_api_key: Incorrect API key provided: sk-***";
        operations.observer().page(split, Optional.of(Reason.AUTH_REJECTED), Duration.ofMillis(120));
        operations.observer().windowFailed(split, Reason.AUTH_REJECTED, message);
        operations
                .observer()
                .split(status(
                        split,
                        SplitState.HALTED,
                        Optional.of(Reason.AUTH_REJECTED),
                        message,
                        Optional.of(new Gate.Wait(Reason.AUTH_REJECTED, now().plusSeconds(431)))));
    }

    private void history(Split split) {
        LocalDate today = LocalDate.ofInstant(now(), ZoneOffset.UTC);
        List<Publication> published = new ArrayList<>();
        for (int back = 13; back >= 0; back--) {
            for (String model : MODELS) {
                published.addAll(points(split, model, today.minusDays(back), false));
            }
        }
        if (split.stream().equals("costs")) {
            published.addAll(points(split, "gpt-5.2, input", today.minusDays(9), true));
            published.addAll(points(split, HOSTILE, today.minusDays(6), true));
            published.add(new Period(
                    split, today.minusDays(8), 2, 41, new TreeMap<>(), new TreeMap<>(), 0, new Digest(1, 2), now()));
        }
        if (split.stream().equals("embeddings")) {
            published.add(quarantined(split, Reason.NEGATIVE_COUNT, "input_tokens is negative", "/data/3/results/0"));
            published.add(quarantined(split, Reason.UNKNOWN_OBJECT, "object is " + HOSTILE, "/data/3/results/1"));
        }
        operations.observer().committed(lane(split), List.of(batch(split, published)), Duration.ofMillis(38));
        poll(split, now());
    }

    private void poll(Split split, Instant at) {
        Observer observer = operations.observer();
        boolean fails = random.nextInt(40) == 0;
        observer.page(
                split,
                fails ? Optional.of(Reason.SERVER_ERROR) : Optional.empty(),
                Duration.ofMillis(80L + random.nextInt(400)));
        int fresh = random.nextInt(24);
        int restated = split.stream().equals("costs") ? random.nextInt(2) : 0;
        observer.admitted(
                split, AdmittedRows.of(fresh, random.nextInt(6) + restated, 40, random.nextInt(20) / 19, restated));
        LocalDate today = LocalDate.ofInstant(at, ZoneOffset.UTC);
        List<Publication> published = random.nextInt(10) == 0
                ? points(split, MODELS.get(random.nextInt(MODELS.size())), today, false)
                : List.of();
        observer.committed(lane(split), List.of(batch(split, published)), Duration.ofMillis(12L + random.nextInt(20)));
        boolean degraded = split.name().equals("research/images");
        observer.split(status(
                split,
                degraded
                        ? SplitState.DEGRADED
                        : split.name().equals("studio/activity") ? SplitState.CATCHING_UP : SplitState.RUNNING,
                degraded ? Optional.of(Reason.RATE_LIMITED) : Optional.empty(),
                degraded ? "429: Rate limit reached for organization" : "",
                degraded ? Optional.of(new Gate.Wait(Reason.RATE_LIMITED, at.plusSeconds(95))) : Optional.empty()));
    }

    private SplitStatus status(
            Split split, SplitState state, Optional<Reason> reason, String message, Optional<Gate.Wait> waiting) {
        boolean read = state != SplitState.HALTED;
        Instant hour = Grain.HOUR.floor(now());
        return new SplitStatus(
                split,
                lane(split),
                state,
                reason,
                message,
                Optional.of(hour),
                Optional.of(hour.minus(Duration.ofHours(48))),
                read ? Optional.of(now().minusSeconds(2 + random.nextInt(50))) : Optional.empty(),
                read ? Optional.of(now().minusSeconds(2)) : Optional.empty(),
                Optional.empty(),
                Duration.ofHours(48),
                Optional.empty(),
                waiting,
                read ? 18_211 : 0,
                read ? 1_812_111 : 0,
                Duration.ofMillis(-230),
                new TreeMap<>());
    }

    /** A point of a day as the stream would have it. */
    List<Publication> points(Split split, String model, LocalDate day, boolean restated) {
        long weight = 1 + Math.floorMod(model.hashCode(), 9);
        long amount = weight * (900 + random.nextInt(600));
        boolean costs = split.stream().equals("costs");
        boolean series = split.provider().equals("scenario");
        Measures.Builder numbers = new Measures.Builder();
        String dimension = costs ? "line_item" : series ? "model_id" : "model";
        if (costs) {
            numbers.put("amount", Measure.of(BigDecimal.valueOf(amount, 2), "usd"));
        } else if (series) {
            numbers.put("cost", Measure.of(BigDecimal.valueOf(amount, 1), "cu"));
        } else {
            numbers.put("input_tokens", Measure.of(amount * 1000, "tokens"));
            numbers.put("output_tokens", Measure.of(amount * 200, "tokens"));
            numbers.put("num_model_requests", Measure.of(amount, "requests"));
        }
        Measures values = numbers.build();
        ByName.Builder<BigDecimal> deltas = new ByName.Builder<>();
        if (restated) {
            values.forEach((name, value) ->
                    deltas.put(name, value.value().movePointLeft(1).negate()));
        }
        ByName.Builder<Optional<String>> dimensions = new ByName.Builder<>();
        dimensions.put(dimension, Optional.of(model));
        dimensions.put("project_id", Optional.of("proj_x81"));
        Instant start = Window.startOf(day);
        String id = split.provider() + "/" + split.name() + "/1d/" + start + "?" + model.hashCode();
        return List.of(new PointRevision(
                split,
                Utf8.of(id),
                restated ? 4 : 1,
                start,
                Grain.DAY,
                dimensions.build(),
                values,
                deltas.build(),
                Finality.FINAL,
                restated,
                false,
                now()));
    }

    private QuarantinedRow quarantined(Split split, Reason reason, String detail, String pointer) {
        Quarantined row = new Quarantined(
                reason, detail, pointer, Optional.of("{}"), Digest.of(split.name() + detail), Optional.of(now()));
        return new QuarantinedRow(split, split.name() + "/1", row, new Window(now().minusSeconds(60), now()), now());
    }

    static Batch batch(Split split, List<? extends Publication> publications) {
        SplitCheckpoint checkpoint = new SplitCheckpoint(
                split,
                new TreeMap<>(),
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                LocalDate.EPOCH,
                Optional.empty(),
                Optional.empty(),
                0,
                List.of(),
                Optional.empty(),
                new TreeMap<>());
        return new Batch(
                split, List.copyOf(publications), checkpoint, List.of(), List.of(), List.of(), List.of(), List.of());
    }

    /** A stream whose key was refused. */
    static SplitStatus halted(Split split, Instant at) {
        return new SplitStatus(
                split,
                lane(split),
                SplitState.HALTED,
                Optional.of(Reason.AUTH_REJECTED),
                "401",
                Optional.of(at),
                Optional.of(at),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofHours(48),
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                Duration.ZERO,
                new TreeMap<>());
    }

    static Split split(String provider, String source, String stream) {
        return new Split(provider, source, stream);
    }

    static int lane(Split split) {
        return LaneNumber.of(split.source(), LANES);
    }

    private Instant now() {
        return clock.instant();
    }
}
