package io.usagestream.dev.upstream.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.stream.Grain;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final Instant DAY = Instant.parse("2026-11-19T00:00:00Z");
    private static final Instant LATER = DAY.plus(Duration.ofDays(10));
    private static final Window WINDOW = new Window(DAY, DAY.plus(Duration.ofDays(1)));
    private static final List<String> ALL = Meter.COMPLETIONS.dimensions();

    private final MovingClock clock = new MovingClock(LATER);

    @Test
    void the_same_seed_and_time_give_the_same_usage_and_another_seed_or_account_gives_another() {
        Truth one = truth(LedgerSettings.of(7, 2));
        Truth same = truth(LedgerSettings.of(7, 2));
        Truth other = truth(LedgerSettings.of(8, 2));
        for (Meter meter : Meter.values()) {
            List<TrueRow> rows = one.usage(1, meter, Grain.HOUR, meter.dimensions(), WINDOW);
            assertThat(rows).as("%s", meter).isNotEmpty();
            assertThat(same.usage(1, meter, Grain.HOUR, meter.dimensions(), WINDOW))
                    .isEqualTo(rows);
            assertThat(other.usage(1, meter, Grain.HOUR, meter.dimensions(), WINDOW))
                    .isNotEqualTo(rows);
            assertThat(one.usage(2, meter, Grain.HOUR, meter.dimensions(), WINDOW))
                    .isNotEqualTo(rows);
        }
        assertThat(one.events(1, Set.of(), WINDOW))
                .isNotEmpty()
                .isEqualTo(same.events(1, Set.of(), WINDOW))
                .isNotEqualTo(other.events(1, Set.of(), WINDOW));
        assertThat(one.costs(1, List.of("line_item"), WINDOW))
                .isNotEmpty()
                .isEqualTo(same.costs(1, List.of("line_item"), WINDOW));
    }

    @Test
    void the_arithmetic_of_tokens_holds_in_every_row() {
        List<TrueRow> rows = truth(LedgerSettings.of(1, 1)).usage(1, Meter.COMPLETIONS, Grain.HOUR, ALL, WINDOW);
        assertThat(rows).hasSizeGreaterThan(100).allSatisfy(row -> {
            assertThat(count(row, "input_tokens"))
                    .isEqualTo(count(row, "input_cached_tokens")
                            + count(row, "input_cache_write_tokens")
                            + count(row, "input_uncached_tokens"));
            assertThat(count(row, "input_uncached_tokens"))
                    .isEqualTo(count(row, "input_text_tokens")
                            + count(row, "input_audio_tokens")
                            + count(row, "input_image_tokens"));
            assertThat(count(row, "input_cached_tokens"))
                    .isEqualTo(count(row, "input_cached_text_tokens")
                            + count(row, "input_cached_audio_tokens")
                            + count(row, "input_cached_image_tokens"));
            assertThat(count(row, "output_tokens"))
                    .isEqualTo(count(row, "output_text_tokens")
                            + count(row, "output_audio_tokens")
                            + count(row, "output_image_tokens"));
        });
        assertThat(rows).anyMatch(row -> count(row, "input_audio_tokens") > 0);
        assertThat(rows).anyMatch(row -> count(row, "output_image_tokens") > 0);
    }

    @Test
    void every_grain_and_every_grouping_add_up_to_the_same_sums() {
        Truth truth = truth(LedgerSettings.of(3, 1));
        for (Meter meter : Meter.values()) {
            Map<String, BigDecimal> sums = sums(truth.usage(1, meter, Grain.DAY, List.of(), WINDOW));
            assertThat(sums(truth.usage(1, meter, Grain.HOUR, meter.dimensions(), WINDOW)))
                    .isEqualTo(sums);
            assertThat(sums(truth.usage(1, meter, Grain.MINUTE, List.of("project_id"), WINDOW)))
                    .isEqualTo(sums);
        }
        assertThat(sums(truth.costs(1, List.of("project_id", "line_item"), WINDOW))
                        .get("amount"))
                .isEqualByComparingTo(sums(truth.costs(1, List.of(), WINDOW)).getOrDefault("amount", BigDecimal.ZERO));
        assertThat(sums(truth.series(1, "usages", Grain.HOUR, Set.of(), WINDOW)))
                .isEqualTo(sums(truth.series(1, "usages", Grain.DAY, Set.of(), WINDOW)));
    }

    @Test
    void usage_is_restated_moved_withdrawn_and_late_and_then_settles() {
        Ledger ledger = new Ledger(LedgerSettings.of(5, 1).withPace(1000), clock);
        clock.set(WINDOW.to());
        Map<Long, String> early = versions(ledger);
        clock.set(WINDOW.to().plus(Duration.ofHours(42)));
        Map<Long, String> settled = versions(ledger);
        clock.set(WINDOW.to().plus(Duration.ofDays(200)));
        assertThat(versions(ledger)).isEqualTo(settled);

        Set<Long> appeared = minus(settled.keySet(), early.keySet());
        Set<Long> vanished = minus(early.keySet(), settled.keySet());
        Set<Long> changed = early.keySet().stream()
                .filter(id -> settled.containsKey(id) && !Objects.equals(early.get(id), settled.get(id)))
                .collect(Collectors.toSet());
        assertThat(appeared).as("late").isNotEmpty();
        assertThat(vanished).as("withdrawn").isNotEmpty();
        assertThat(changed).as("restated or moved").isNotEmpty();
        assertThat(appeared.size() + vanished.size() + changed.size()).isLessThan(early.size() / 10);
    }

    @Test
    void costs_settle_within_the_lookback_of_costs() {
        Truth truth = truth(LedgerSettings.of(5, 1));
        clock.set(WINDOW.to().plus(Duration.ofHours(1)));
        var early = truth.costs(1, List.of("project_id", "line_item"), WINDOW);
        clock.set(WINDOW.to().plus(Duration.ofDays(5)));
        var settled = truth.costs(1, List.of("project_id", "line_item"), WINDOW);
        clock.set(WINDOW.to().plus(Duration.ofDays(90)));
        assertThat(truth.costs(1, List.of("project_id", "line_item"), WINDOW)).isEqualTo(settled);
        assertThat(settled).isNotEqualTo(early);
    }

    @Test
    void ancient_changes_come_only_when_they_are_asked_for() {
        Ledger ledger = new Ledger(LedgerSettings.of(5, 1).withTemper(Temper.ANCIENT), clock);
        clock.set(WINDOW.to().plus(Duration.ofHours(42)));
        Map<Long, String> settled = versions(ledger);
        clock.set(WINDOW.to().plus(Duration.ofDays(30)));
        assertThat(versions(ledger)).isNotEqualTo(settled).hasSameSizeAs(settled);
    }

    @Test
    void a_calm_ledger_never_changes_what_it_has_shown() {
        Ledger ledger = new Ledger(LedgerSettings.of(5, 1).withTemper(Temper.CALM), clock);
        clock.set(WINDOW.to());
        Map<Long, String> early = versions(ledger);
        List<StudioEvent> events = new Truth(ledger).events(1, Set.of(), WINDOW);
        clock.set(LATER);
        assertThat(versions(ledger)).isEqualTo(early);
        assertThat(new Truth(ledger).events(1, Set.of(), WINDOW)).isEqualTo(events);
    }

    @Test
    void nothing_shows_before_it_happens() {
        clock.set(DAY.plus(Duration.ofHours(9)).plusSeconds(30));
        Ledger ledger = new Ledger(LedgerSettings.of(5, 1).withPace(1000), clock);
        assertThat(ledger.pieces(1, Meter.COMPLETIONS, WINDOW.from(), WINDOW.to()))
                .isNotEmpty()
                .allMatch(piece -> piece.second() <= clock.instant().getEpochSecond());
        assertThat(new Truth(ledger).events(1, Set.of(), WINDOW))
                .isNotEmpty()
                .allMatch(event -> !event.time().isAfter(clock.instant()));
    }

    @Test
    void a_frozen_ledger_stands_still_while_its_clock_goes_on() {
        clock.set(DAY.plus(Duration.ofHours(12)));
        Ledger ledger = new Ledger(LedgerSettings.of(5, 1), clock);
        Truth truth = new Truth(ledger);
        var rows = truth.usage(1, Meter.COMPLETIONS, Grain.HOUR, ALL, WINDOW);
        Instant frozen = ledger.freeze();
        clock.advance(Duration.ofHours(3));
        assertThat(truth.usage(1, Meter.COMPLETIONS, Grain.HOUR, ALL, WINDOW)).isEqualTo(rows);
        assertThat(ledger.now()).isAfter(frozen);

        Ledger elsewhere = new Ledger(LedgerSettings.of(5, 1), InstantSource.system());
        elsewhere.freeze(frozen);
        assertThat(new Truth(elsewhere).usage(1, Meter.COMPLETIONS, Grain.HOUR, ALL, WINDOW))
                .isEqualTo(rows);

        ledger.thaw();
        assertThat(truth.usage(1, Meter.COMPLETIONS, Grain.HOUR, ALL, WINDOW)).isNotEqualTo(rows);
    }

    @Test
    void a_rush_makes_the_present_busier_than_the_past() {
        Instant rush = DAY.plus(Duration.ofHours(12));
        Ledger ledger = new Ledger(LedgerSettings.of(5, 1).withRush(rush, 2000), clock);
        int before = ledger.pieces(1, Meter.COMPLETIONS, rush.minus(Duration.ofHours(1)), rush)
                .size();
        int after = ledger.pieces(1, Meter.COMPLETIONS, rush, rush.plus(Duration.ofHours(1)))
                .size();
        assertThat(after).isGreaterThan(before * 10);
    }

    @Test
    void what_a_test_adds_or_strikes_shows_at_once() {
        Ledger ledger = new Ledger(LedgerSettings.of(5, 1), clock);
        Truth truth = new Truth(ledger);
        var before = truth.usage(1, Meter.VECTOR_STORES, Grain.DAY, List.of("project_id"), WINDOW);
        Usage late = new Usage(
                1, Meter.VECTOR_STORES, DAY.getEpochSecond(), List.of(Optional.of("proj_new")), new long[] {77});
        ledger.add(1, late);
        var added = truth.usage(1, Meter.VECTOR_STORES, Grain.DAY, List.of("project_id"), WINDOW);
        assertThat(added).hasSize(before.size() + 1);
        ledger.strike(1, late);
        assertThat(truth.usage(1, Meter.VECTOR_STORES, Grain.DAY, List.of("project_id"), WINDOW))
                .isEqualTo(before);

        List<StudioEvent> events = truth.events(1, Set.of(), WINDOW);
        ledger.strike(1, events.get(3));
        assertThat(truth.events(1, Set.of(), WINDOW)).hasSize(events.size() - 1).doesNotContain(events.get(3));
        ledger.add(1, events.get(4).twin(99));
        assertThat(truth.events(1, Set.of(), WINDOW)).hasSize(events.size());
    }

    @Test
    void there_are_twins_refunds_late_costs_and_events_at_both_edges_of_a_day() {
        Truth truth = truth(LedgerSettings.of(5, 1));
        List<StudioEvent> events = truth.events(1, Set.of(), WINDOW);
        assertThat(events.stream().map(event -> event.twin(0)).distinct().count())
                .isLessThan(events.size());
        assertThat(events)
                .anyMatch(event -> event.cost().filter(c -> c.signum() < 0).isPresent());

        List<Instant> times = new ArrayList<>();
        for (int seed = 0; seed < 5; seed++) {
            truth(LedgerSettings.of(seed, 1).withTemper(Temper.CALM))
                    .events(1, Set.of(), WINDOW)
                    .forEach(event -> times.add(event.time()));
        }
        assertThat(times).contains(WINDOW.from(), WINDOW.to().minusMillis(1));

        clock.set(WINDOW.to());
        Map<Long, Optional<BigDecimal>> early = costs(truth.events(1, Set.of(), WINDOW));
        clock.set(LATER);
        Map<Long, Optional<BigDecimal>> settled = costs(truth.events(1, Set.of(), WINDOW));
        assertThat(early.entrySet())
                .anyMatch(entry -> entry.getValue().isEmpty()
                        && settled.getOrDefault(entry.getKey(), Optional.empty())
                                .isPresent());
        assertThat(early.keySet()).isNotEqualTo(settled.keySet());
    }

    private Truth truth(LedgerSettings settings) {
        return new Truth(new Ledger(settings, clock));
    }

    private static Map<Long, String> versions(Ledger ledger) {
        Map<Long, String> versions = new TreeMap<>();
        for (Usage piece : ledger.pieces(1, Meter.COMPLETIONS, WINDOW.from(), WINDOW.to())) {
            versions.put(piece.id(), piece.dimension("api_key_id") + " " + piece.measure(0));
        }
        return versions;
    }

    private static Map<Long, Optional<BigDecimal>> costs(List<StudioEvent> events) {
        Map<Long, Optional<BigDecimal>> costs = new TreeMap<>();
        events.forEach(event -> costs.put(event.id(), event.cost()));
        return costs;
    }

    private static Map<String, BigDecimal> sums(List<TrueRow> rows) {
        Map<String, BigDecimal> sums = new TreeMap<>();
        rows.forEach(row -> row.measures()
                .forEach((name, quantity) ->
                        sums.merge(name, quantity.amount(), (a, b) -> new Quantity(a.add(b), "").amount())));
        return sums;
    }

    private static long count(TrueRow row, String measure) {
        return row.measures()
                .getOrDefault(measure, new Quantity(BigDecimal.ONE.negate(), ""))
                .amount()
                .longValueExact();
    }

    private static <T> Set<T> minus(Collection<T> all, Collection<T> some) {
        Set<T> rest = new HashSet<>(all);
        rest.removeAll(some);
        return rest;
    }
}
