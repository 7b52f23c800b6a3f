package io.usagestream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.envelope.RecordType;
import io.usagestream.sink.Batch;
import io.usagestream.sink.LaneImage;
import io.usagestream.sink.LaneSession;
import io.usagestream.source.StreamSettings;
import io.usagestream.source.Upstream;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.ByName;
import io.usagestream.stream.LogRow;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Point;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.EventRevision;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Split;
import io.usagestream.stream.Utf8;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Known mistakes, planted one at a time at the ports: a suite that does not catch them proves nothing. */
class PlantedFaultsTest {
    private static final Logger LOOP = (Logger) LoggerFactory.getLogger("io.usagestream.ingest");
    private static final int SEEDS = 400;

    @BeforeAll
    static void quiet() {
        LOOP.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        LOOP.setLevel(Level.INFO);
    }

    /** Runs seeds with the fault until one violates an invariant; what it says must be one of the violations that the fault leads to. */
    private static void caught(LongFunction<Simulation> faulty, String... sayings) {
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                faulty.apply(seed).run();
            } catch (Violation | IllegalStateException e) {
                assertThat(String.valueOf(e.getMessage())).containsAnyOf(sayings);
                return;
            }
        }
        throw new AssertionError("not caught in " + SEEDS + " seeds");
    }

    // ---- at the log

    @Test
    void a_restore_before_the_fence_is_caught() {
        caught(seed -> withLog(seed, SimLog.Flaw.RESTORE_BEFORE_FENCE), "revision", "went back", "segment", "period");
    }

    @Test
    void a_log_that_does_not_fence_is_caught() {
        caught(seed -> withLog(seed, SimLog.Flaw.NO_FENCE), "revision", "went back", "segment", "period");
    }

    @Test
    void a_checkpoint_outside_the_transaction_is_caught() {
        caught(seed -> withLog(seed, SimLog.Flaw.STATE_APART), "revision", "went back", "period", "restated");
    }

    @Test
    void an_unknown_outcome_retried_as_a_new_batch_is_caught() {
        caught(seed -> withLog(seed, SimLog.Flaw.RETRIES_UNKNOWN), "revision", "period");
    }

    @Test
    void a_commit_that_is_acknowledged_and_not_applied_is_caught() {
        caught(
                seed -> withLog(seed, SimLog.Flaw.ACKNOWLEDGES_NOTHING),
                "revision",
                "missing",
                "closed",
                "period",
                "segment");
    }

    @Test
    void an_index_that_forgets_at_the_frontier_is_caught() {
        caught(seed -> withImage(seed, PlantedFaultsTest::forgetting), "revision");
    }

    @Test
    void absence_below_the_floor_taken_for_new_is_caught() {
        caught(seed -> withSession(seed, NothingPublished::new), "revision", "period");
    }

    @Test
    void a_revision_in_the_key_is_caught() {
        caught(seed -> withBatches(seed, batch -> publications(batch, PlantedFaultsTest::revisionInKey)), "revision");
    }

    @Test
    void deltas_against_the_wrong_revision_are_caught() {
        caught(seed -> withBatches(seed, batch -> publications(batch, PlantedFaultsTest::deltaFromZero)), "deltas of");
    }

    @Test
    void the_frontier_less_the_lookback_taken_for_the_watermark_is_caught() {
        caught(seed -> withBatches(seed, PlantedFaultsTest::watermarkFromFrontier), "the watermark of", "closed until");
    }

    @Test
    void a_row_lost_from_a_batch_is_caught() {
        caught(
                seed -> withBatches(seed, PlantedFaultsTest::withoutLastRow),
                "revision",
                "missing",
                "period",
                "published");
    }

    // ---- at upstream

    @Test
    void a_lookback_that_is_ignored_is_caught() {
        caught(
                seed -> new Simulation(seed) {
                    @Override
                    StreamSettings settings(StreamSettings plain) {
                        return Scenario.with(plain, Duration.ZERO, plain.fingerprint());
                    }
                },
                "FINAL",
                "the watermark of");
    }

    @Test
    void money_through_a_float_is_caught() {
        caught(seed -> withPages(seed, PlantedFaultsTest::floating), "upstream did not say so", "different");
    }

    @Test
    void a_retraction_from_a_partial_read_is_caught() {
        caught(seed -> withPages(seed, PlantedFaultsTest::partial), "upstream did not say so");
    }

    @Test
    void a_set_instead_of_a_multiset_is_caught() {
        caught(seed -> withPages(seed, PlantedFaultsTest::asSet), "upstream shows");
    }

    @Test
    void an_inclusive_end_counted_twice_is_caught() {
        caught(seed -> withPages(seed, PlantedFaultsTest::boundaryTwice), "live records of");
    }

    @Test
    void a_slow_answer_that_overwrites_a_newer_one_is_caught() {
        caught(
                seed -> new Simulation(seed) {
                    @Override
                    Upstream upstream(Upstream plain) {
                        return new Stale(plain);
                    }
                },
                "upstream did not say so",
                "not read since",
                "FINAL");
    }

    @Test
    void without_a_fault_the_same_seeds_are_green() {
        for (long seed = 0; seed < 20; seed++) {
            long plain = seed;
            assertThat(withPages(plain, (request, page) -> page).run().commits())
                    .isPositive();
        }
    }

    // ---- how faults are planted

    private static Simulation withLog(long seed, SimLog.Flaw flaw) {
        return new Simulation(seed) {
            @Override
            SimLog log(SimWorld in, Dice chance) {
                return new SimLog(in, chance, this::weather, LANES, this, flaw);
            }
        };
    }

    private static Simulation withSession(long seed, UnaryOperator<LaneSession> wrap) {
        return new Simulation(seed) {
            @Override
            SimLog log(SimWorld in, Dice chance) {
                return new SimLog(in, chance, this::weather, LANES, this) {
                    @Override
                    protected LaneSession session(int lane, int epoch, LaneImage image, LaneSession plain) {
                        return wrap.apply(plain);
                    }
                };
            }
        };
    }

    private static Simulation withBatches(long seed, UnaryOperator<Batch> change) {
        return withSession(seed, plain -> new Wrapped(plain) {
            @Override
            public Future<Map<SegmentName, Long>> commit(List<Batch> batches) {
                return super.commit(batches.stream().map(change).toList());
            }
        });
    }

    private static Simulation withImage(long seed, UnaryOperator<LaneImage> change) {
        return withSession(seed, plain -> {
            LaneImage image = change.apply(plain.restored());
            return new Wrapped(plain) {
                @Override
                public LaneImage restored() {
                    return image;
                }
            };
        });
    }

    /** What becomes of a page on its way. */
    private interface OnTheWay {
        Page change(PageRequest request, Page page);
    }

    private static Simulation withPages(long seed, OnTheWay change) {
        return new Simulation(seed) {
            @Override
            Upstream upstream(Upstream plain) {
                return new Upstream() {
                    @Override
                    public Future<Page> read(PageRequest request, Runnable arrived) {
                        return plain.read(request, arrived).map(page -> change.change(request, page));
                    }

                    @Override
                    public Future<Void> close() {
                        return plain.close();
                    }
                };
            }
        };
    }

    private static class Wrapped implements LaneSession {
        private final LaneSession plain;

        Wrapped(LaneSession plain) {
            this.plain = plain;
        }

        @Override
        public LaneImage restored() {
            return plain.restored();
        }

        @Override
        public boolean fits(Publication publication) {
            return plain.fits(publication);
        }

        @Override
        public Future<Map<SegmentName, Long>> commit(List<Batch> batches) {
            return plain.commit(batches);
        }

        @Override
        public Future<List<Segment>> load(Map<SegmentName, Long> places) {
            return plain.load(places);
        }

        @Override
        public Future<List<Publication>> published(Split split, RecordType type, Window window) {
            return plain.published(split, type, window);
        }

        @Override
        public Future<Void> close() {
            return plain.close();
        }
    }

    private static final class NothingPublished extends Wrapped {
        NothingPublished(LaneSession plain) {
            super(plain);
        }

        @Override
        public Future<List<Publication>> published(Split split, RecordType type, Window window) {
            return super.published(split, type, window).map(List.of());
        }
    }

    /** Gives the answer before last of a window, as a slow connection beside a fast one would. */
    private static final class Stale implements Upstream {
        private final Upstream plain;
        private final Map<PageRequest, Page> before = new HashMap<>();

        Stale(Upstream plain) {
            this.plain = plain;
        }

        @Override
        public Future<Page> read(PageRequest request, Runnable arrived) {
            return plain.read(request, arrived).map(page -> {
                Page old = before.put(request, page);
                return old instanceof Page.Buckets buckets ? dated(buckets, page.upstreamNow()) : page;
            });
        }

        @Override
        public Future<Void> close() {
            return plain.close();
        }
    }

    /** The same rows under another date: with its own, the loop sees that the answer is old. */
    private static Page dated(Page.Buckets p, Optional<Instant> date) {
        return new Page.Buckets(
                date, p.grain(), p.buckets(), p.quarantined(), p.more(), p.cursor(), p.ignoredGrouping());
    }

    // ---- the mistakes themselves

    private static LaneImage forgetting(LaneImage image) {
        image.places()
                .values()
                .forEach(places -> places.notLoaded(LocalDate.EPOCH).keySet().stream()
                        .filter(name -> forgotten(image.checkpoints(), name))
                        .forEach(places::drop));
        List<Segment> eager = image.eager().stream()
                .filter(segment -> !forgotten(image.checkpoints(), segment.name()))
                .toList();
        return new LaneImage(
                image.checkpoints(), eager, image.places(), image.seals(), image.published(), image.bytes());
    }

    private static boolean forgotten(Map<String, SplitCheckpoint> checkpoints, SegmentName name) {
        SplitCheckpoint of = checkpoints.get(name.split().name());
        return of != null && name.day().isBefore(Window.dayOf(of.frontier()));
    }

    private static Batch publications(Batch b, UnaryOperator<Publication> change) {
        return new Batch(
                b.split(),
                b.publications().stream().map(change).toList(),
                b.checkpoint(),
                b.segments(),
                b.seals(),
                b.dropped(),
                b.droppedSeals(),
                b.statuses());
    }

    private static PointRevision point(PointRevision p, String id, ByName<BigDecimal> deltas) {
        return new PointRevision(
                p.split(),
                Utf8.of(id),
                p.revision(),
                p.start(),
                p.grain(),
                p.dimensions(),
                p.measures(),
                deltas,
                p.finality(),
                p.restated(),
                p.retracted(),
                p.observedAt());
    }

    private static Publication revisionInKey(Publication publication) {
        return publication instanceof PointRevision p
                ? point(p, p.id() + "#" + p.revision(), p.deltas())
                : publication instanceof EventRevision e
                        ? new EventRevision(
                                e.split(),
                                e.id() + "#" + e.revision(),
                                e.revision(),
                                e.event(),
                                e.retracted(),
                                e.observedAt())
                        : publication;
    }

    private static Publication deltaFromZero(Publication publication) {
        return publication instanceof PointRevision p ? point(p, p.id(), ByName.empty()) : publication;
    }

    private static Batch watermarkFromFrontier(Batch b) {
        SplitCheckpoint c = b.checkpoint();
        Instant taken = c.frontier().minus(Duration.ofHours(5));
        Instant watermark = taken.isAfter(c.watermark()) ? taken : c.watermark();
        SplitCheckpoint moved = new SplitCheckpoint(
                c.split(),
                c.fingerprint(),
                c.start(),
                c.frontier(),
                watermark,
                c.floor(),
                c.closedUntil(),
                c.sweptAt(),
                c.granularity(),
                c.pageSize(),
                c.changeAges(),
                c.progress(),
                c.requests());
        return new Batch(
                b.split(),
                b.publications(),
                moved,
                b.segments(),
                b.seals(),
                b.dropped(),
                b.droppedSeals(),
                b.statuses());
    }

    private static Batch withoutLastRow(Batch b) {
        List<Publication> kept = new ArrayList<>(b.publications());
        for (int i = kept.size() - 1; i >= 0; i--) {
            if (kept.get(i) instanceof PointRevision || kept.get(i) instanceof EventRevision) {
                kept.remove(i);
                break;
            }
        }
        return new Batch(
                b.split(), kept, b.checkpoint(), b.segments(), b.seals(), b.dropped(), b.droppedSeals(), b.statuses());
    }

    private static Page buckets(Page page, UnaryOperator<List<Point>> rows) {
        if (!(page instanceof Page.Buckets b)) {
            return page;
        }
        List<Bucket> changed = b.buckets().stream()
                .map(bucket ->
                        new Bucket(bucket.start(), bucket.end(), rows.apply(bucket.rows()), bucket.quarantined()))
                .toList();
        return new Page.Buckets(
                b.upstreamNow(), b.grain(), changed, b.quarantined(), b.more(), b.cursor(), b.ignoredGrouping());
    }

    @SuppressWarnings("BigDecimalLiteralDouble")
    private static Page floating(PageRequest request, Page page) {
        return buckets(
                page,
                rows -> rows.stream()
                        .map(row -> {
                            Measures measures = row.measures()
                                    .map((name, m) ->
                                            Measure.of(new BigDecimal(m.value().doubleValue()), m.unit()));
                            return new Point(row.start(), row.grain(), row.dimensions(), measures);
                        })
                        .toList());
    }

    /** The first reads of a window are cut short, and the rest is taken for absent. */
    private static Page partial(PageRequest request, Page page) {
        boolean cut = page.upstreamNow().orElse(Instant.EPOCH).getEpochSecond() / 600 % 3 == 0;
        return cut ? buckets(page, rows -> rows.isEmpty() ? rows : rows.subList(0, rows.size() - 1)) : page;
    }

    private static Page asSet(PageRequest request, Page page) {
        return page instanceof Page.Log log
                ? new Page.Log(log.upstreamNow(), List.copyOf(new LinkedHashSet<>(log.rows())))
                : page;
    }

    private static Page boundaryTwice(PageRequest request, Page page) {
        if (!(page instanceof Page.Log log)) {
            return page;
        }
        List<LogRow> rows = new ArrayList<>();
        log.rows().forEach(row -> {
            rows.add(row);
            if (row instanceof io.usagestream.stream.Event e
                    && e.time().isBefore(request.window().from().plusSeconds(60))) {
                rows.add(row);
            }
        });
        return new Page.Log(log.upstreamNow(), rows);
    }
}
