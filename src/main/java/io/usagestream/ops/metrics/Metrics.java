package io.usagestream.ops.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.usagestream.dedup.Admitted;
import io.usagestream.envelope.RecordType;
import io.usagestream.ingest.LaneStatus;
import io.usagestream.ingest.LaneStatus.Phase;
import io.usagestream.ingest.Observer;
import io.usagestream.ingest.SplitStatus;
import io.usagestream.ops.Instance;
import io.usagestream.ops.PendingRows;
import io.usagestream.ops.Rows;
import io.usagestream.sink.Batch;
import io.usagestream.sink.BrokerNews;
import io.usagestream.sink.LaneNumber;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.QuarantinedRow;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Counts and measures the work, for Prometheus to fetch. Every name begins with {@code usagestream_}; every label has a closed set of
 * values: sources and streams are configured, everything else is an enum of ours. No text from upstream ever becomes a label, so the
 * number of series does not depend on what upstream sends.
 */
public final class Metrics implements Observer, BrokerNews, AutoCloseable {
    private static final Duration[] REQUEST_BOUNDS = millis(25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000);
    private static final Duration[] TRANSACTION_BOUNDS = millis(2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000, 15_000);
    private static final Duration[] DELAY_BOUNDS = millis(1, 2, 5, 10, 20, 50, 100, 250, 1_000);
    private static final Duration[] RESTORE_BOUNDS = millis(50, 100, 250, 500, 1_000, 2_500, 5_000, 15_000, 60_000);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Instance instance;
    private final InstantSource clock;
    private final SourceLabel label;
    private final Gauges gauges;
    private final PendingRows pending;
    private final Map<Split, SplitStatus> splits = new ConcurrentHashMap<>();
    private final Map<Integer, LaneStatus> lanes = new ConcurrentHashMap<>();
    private final Map<Integer, Instant> taken = new ConcurrentHashMap<>();
    private final Map<Split, Instant> waitsCounted = new ConcurrentHashMap<>();
    private final AtomicInteger transactionVersion = new AtomicInteger(-1);
    private final JvmGcMetrics garbage = new JvmGcMetrics();
    private final Counters requests;
    private final Counters responseBytes;
    private final Counters waits;
    private final Counters rows;
    private final Counters restatements;
    private final Counters quarantined;
    private final Counters published;
    private final Counters transactions;
    private final Counters late;
    private final Counters gaps;
    private final Counters windows;
    private final Counters partitionsAdded;
    private final Map<String, Timer> durations = new ConcurrentHashMap<>();
    private final Timer transactionDuration;
    private final Timer restoreDuration;
    private final Timer loopDelay;
    private final DistributionSummary transactionRecords;
    private volatile Supplier<Duration> throttled = () -> Duration.ZERO;

    public Metrics(Instance instance, InstantSource clock) {
        this.instance = instance;
        this.clock = clock;
        this.label = new SourceLabel(instance);
        this.pending = new PendingRows(instance.lanes());
        registry.config().meterFilter(new Prefixed());
        // both break Prometheus' rules for names, and neither is missed
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("usagestream.system.cpu.count"));
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("usagestream.process.cpu.time"));
        requests = counters("requests", "Requests to upstream", "source", "stream", "result", "reason");
        responseBytes = counters("response.bytes", "Bytes that upstream sent, as on the wire", "source", "stream");
        waits = counters("retry.wait.seconds", "Time that requests waited for a budget or a gate", "source", "stream");
        rows = counters("rows", "Rows that complete reads showed, by what they came to", "source", "stream", "result");
        restatements = counters("restatements", "Rows of closed days that changed", "source", "stream");
        quarantined = counters("quarantined", "Rows set aside", "source", "stream", "reason");
        published = counters("records.published", "Records committed", "topic");
        transactions = counters("transactions", "Transactions by how they ended", "result");
        late = counters("late.changes", "Changes at ages above the lookback", "source", "stream");
        gaps = counters("gaps", "Buckets of closed time that were missing", "source", "stream");
        windows = counters("window.failures", "Windows that could not be read", "source", "stream", "reason");
        partitionsAdded =
                counters("topic.partitions.added", "Partitions that a topic got while the service ran", "topic");
        transactionDuration = timer("transaction.duration", "Time from begin to commit", "", TRANSACTION_BOUNDS);
        restoreDuration = timer("restore.duration", "Time to fence and restore a lane", "", RESTORE_BOUNDS);
        loopDelay = timer("event.loop.delay", "How late timers of the event loops fired", "", DELAY_BOUNDS);
        transactionRecords = DistributionSummary.builder("usagestream.transaction.records")
                .description("Records in a transaction")
                .serviceLevelObjectives(1, 10, 100, 1_000, 10_000)
                .register(registry);
        gauges = new Gauges(registry, label);
        transactionResults();
        constants();
        throttle();
        machine();
    }

    private Counters counters(String name, String description, String... labels) {
        return new Counters(registry, "usagestream." + name, description, labels);
    }

    private Timer timer(String name, String description, String provider, Duration... bounds) {
        Timer.Builder builder =
                Timer.builder("usagestream." + name).description(description).serviceLevelObjectives(bounds);
        return (provider.isEmpty() ? builder : builder.tag("provider", provider)).register(registry);
    }

    /** Results that never happened show as zero: an alert on an increase needs the zero before. */
    private void transactionResults() {
        for (Outcome outcome : Outcome.values()) {
            transactions.add(0, outcome.word());
        }
        for (RecordType type : RecordType.values()) {
            partitionsAdded.add(0, type.topic(instance.topicPrefix()));
        }
        for (Instance.ConfiguredSource source : instance.sources()) {
            for (String stream : source.streams()) {
                restatements.add(0, label.of(source.name()), stream);
                late.add(0, label.of(source.name()), stream);
                for (Result result : Result.values()) {
                    rows.add(0, label.of(source.name()), stream, result.word());
                }
            }
        }
    }

    private void constants() {
        Gauge.builder("usagestream.build.info", () -> 1)
                .description("Which version runs on which Java")
                .tag("version", instance.version())
                .tag("java", Runtime.version().feature() + "")
                .register(registry);
        Gauge.builder("usagestream.sources", () -> instance.sources().size())
                .description("Configured sources")
                .register(registry);
        Gauge.builder("usagestream.lanes", instance::lanes)
                .description("Lanes that there are, over all instances")
                .register(registry);
        Gauge.builder("usagestream.kafka.transaction.version", transactionVersion, AtomicInteger::get)
                .description(
                        "The brokers' transaction.version: below 2, transactions can be torn; -1 until it is known")
                .register(registry);
    }

    private void throttle() {
        Gauge.builder(
                        "usagestream.kafka.produce.throttle.seconds",
                        () -> throttled.get().toMillis() / 1000.0)
                .description("Longest time lately that a broker held a request of a lane back because of a quota")
                .register(registry);
    }

    private void machine() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        garbage.bindTo(registry);
    }

    /** The library's own meters under our name. */
    private static final class Prefixed implements MeterFilter {
        @Override
        public Meter.Id map(Meter.Id id) {
            return id.getName().startsWith("usagestream.") ? id : id.withName("usagestream." + id.getName());
        }
    }

    private enum Outcome {
        COMMITTED,
        ABORTED,
        UNKNOWN,
        FENCED,
        REFUSED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Outcome of(SinkFailure failure) {
            if (failure instanceof SinkFailure.Aborted) {
                return ABORTED;
            } else if (failure instanceof SinkFailure.Unknown) {
                return UNKNOWN;
            }
            return failure instanceof SinkFailure.Fenced ? FENCED : REFUSED;
        }
    }

    private enum Result {
        NEW,
        REVISED,
        UNCHANGED,
        RETRACTED,
        QUARANTINED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Map<Result, Long> of(Rows rows) {
            Map<Result, Long> counts = new EnumMap<>(Result.class);
            counts.put(NEW, rows.fresh());
            counts.put(REVISED, rows.revised());
            counts.put(UNCHANGED, rows.unchanged());
            counts.put(RETRACTED, rows.retracted());
            counts.put(QUARANTINED, rows.quarantined());
            return counts;
        }
    }

    /** The brokers' {@code transaction.version}, once it is known; 0 when they have none. */
    public void transactionVersion(int version) {
        transactionVersion.set(version);
    }

    /** Where to ask how long brokers held requests back lately. */
    public void throttled(Supplier<Duration> longest) {
        throttled = longest;
    }

    @Override
    public void partitionsAdded(String topic, int before, int now) {
        partitionsAdded.add(now - before, topic);
    }

    /** A timer of an event loop fired so much too late. */
    public void eventLoopDelay(Duration late) {
        loopDelay.record(late);
    }

    @Override
    public void received(Split split, long bytes) {
        responseBytes.add(bytes, label.of(split.source()), split.stream());
    }

    @Override
    public void page(Split split, Optional<Reason> failure, Duration took) {
        String result = failure.isPresent() ? "failed" : "ok";
        String reason = failure.map(Reason::word).orElse("none");
        requests.add(1, label.of(split.source()), split.stream(), result, reason);
        durations
                .computeIfAbsent(
                        split.provider(),
                        provider ->
                                timer("request.duration", "Time of a request to upstream", provider, REQUEST_BOUNDS))
                .record(took);
    }

    /** A long wait is announced again and again: only what was not counted before is added. */
    @Override
    public void waiting(Split split, Duration pause) {
        Instant now = clock.instant();
        Instant until = now.plus(pause);
        Instant counted = waitsCounted.getOrDefault(split, Instant.MIN);
        Instant from = counted.isAfter(now) ? counted : now;
        if (until.isAfter(from)) {
            waitsCounted.put(split, until);
            waits.add(Duration.between(from, until).toMillis() / 1000.0, label.of(split.source()), split.stream());
        }
    }

    @Override
    public void admitted(Split split, Admitted admitted) {
        pending.admitted(split, Rows.of(admitted));
    }

    @Override
    public void windowFailed(Split split, Reason reason, String message) {
        windows.add(1, label.of(split.source()), split.stream(), reason.word());
    }

    @Override
    public void committed(int lane, List<Batch> batches, Duration took) {
        transactions.add(1, Outcome.COMMITTED.word());
        transactionDuration.record(took);
        int records = 0;
        Map<RecordType, Integer> byType = new EnumMap<>(RecordType.class);
        for (Batch batch : batches) {
            for (Publication publication : batch.publications()) {
                byType.merge(RecordType.of(publication), 1, Integer::sum);
                if (publication instanceof QuarantinedRow row) {
                    Split split = row.split();
                    quarantined.add(
                            1,
                            label.of(split.source()),
                            split.stream(),
                            row.row().reason().word());
                }
                records++;
            }
        }
        byType.forEach((type, count) -> published.add(count, type.topic(instance.topicPrefix())));
        transactionRecords.record(records);
    }

    @Override
    public void commitFailed(int lane, SinkFailure failure, Duration took) {
        pending.spent(lane);
        transactions.add(1, Outcome.of(failure).word());
    }

    @Override
    public void lateChanges(Split split, int changes) {
        late.add(changes, label.of(split.source()), split.stream());
    }

    @Override
    public void gaps(Split split, int buckets) {
        gaps.add(buckets, label.of(split.source()), split.stream());
    }

    @Override
    public void split(SplitStatus status) {
        Split split = status.split();
        splits.put(split, status);
        pending.settled(split).ifPresent(settled -> {
            String source = label.of(split.source());
            Result.of(settled).forEach((result, count) -> rows.add(count, source, split.stream(), result.word()));
            restatements.add(settled.restated(), source, split.stream());
        });
    }

    @Override
    public void lane(LaneStatus status) {
        if (status.phase() == Phase.CLOSED) {
            lanes.remove(status.lane());
            taken.remove(status.lane());
            splits.values().removeIf(split -> split.lane() == status.lane());
        } else {
            taken.putIfAbsent(status.lane(), clock.instant());
            lanes.put(status.lane(), status);
        }
        status.restore().ifPresent(restoreDuration::record);
    }

    /** All of it in Prometheus' text format. */
    public String scrape() {
        gauges.refresh(splits.values(), unread(), lanes.values(), clock.instant());
        return registry.scrape();
    }

    /** What is to be read and was not yet, and since when: also where the lane did not open so far and no split says anything. */
    private Map<Split, Instant> unread() {
        Map<Split, Instant> unread = new HashMap<>();
        for (Instance.ConfiguredSource source : instance.sources()) {
            Instant since = taken.get(LaneNumber.of(source.name(), instance.lanes()));
            for (String stream : since == null ? List.<String>of() : source.streams()) {
                Split split = new Split(source.provider(), source.name(), stream);
                SplitStatus status = splits.get(split);
                if (status == null || status.hotReadAt().isEmpty()) {
                    unread.put(split, since);
                }
            }
        }
        return unread;
    }

    @Override
    public void close() {
        garbage.close();
        registry.close();
    }

    private static Duration[] millis(long... millis) {
        return Arrays.stream(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }
}
