package io.usagestream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * The production loop under every fault that we know of, once for every seed.
 *
 * <p>{@code -Dsimulation.seeds=N} says how many; {@code -Dsimulation.seed=N} replays one; {@code -Dsimulation.from=N} where to begin.
 */
class SimulationTest {
    private static final Logger LOOP = (Logger) LoggerFactory.getLogger("io.usagestream.ingest");
    private static Level level = Level.INFO;

    @BeforeAll
    static void quiet() {
        level = LOOP.getEffectiveLevel();
        LOOP.setLevel(Long.getLong("simulation.seed") == null ? Level.OFF : Level.DEBUG);
    }

    @AfterAll
    static void loud() {
        LOOP.setLevel(level);
    }

    @Test
    void nothing_is_lost_doubled_or_final_too_early_whatever_goes_wrong() throws InterruptedException {
        Long one = Long.getLong("simulation.seed");
        long from = one != null ? one : Long.getLong("simulation.from", 0);
        long seeds = one != null ? 1 : Long.getLong("simulation.seeds", 10_000);
        Map<Long, String> failures = new ConcurrentSkipListMap<>();
        LongAdder commits = new LongAdder();
        LongAdder publications = new LongAdder();
        long began = System.nanoTime();
        AtomicLong next = new AtomicLong(from);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            Thread thread = new Thread(() -> {
                for (long seed; (seed = next.getAndIncrement()) < from + seeds && failures.size() < 20; ) {
                    try {
                        Simulation.Outcome outcome = new Simulation(seed).run();
                        commits.add(outcome.commits());
                        publications.add(outcome.publications());
                    } catch (Throwable e) {
                        failures.put(seed, e.toString());
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf(
                "simulation: %d seeds from %d, %d transactions, %d records, %.1f s; replay one with -Dsimulation.seed=N%n",
                seeds, from, commits.sum(), publications.sum(), (System.nanoTime() - began) / 1e9);
        assertThat(failures).as("seeds that violate an invariant").isEmpty();
        if (seeds >= 5_000) {
            assertThat(FaultKind.counts())
                    .as("faults that occurred")
                    .allSatisfy(
                            (kind, count) -> assertThat(count).as(kind.name()).isPositive());
        }
    }
}
