package io.usagestream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.stream.Bucket;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Finality;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Point;
import io.usagestream.stream.Publication.Change;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Publication.QuarantinedRow;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.Utf8;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of points, one by one. */
class PointAdmissionTest {
    private static final Split SPLIT = new Split("openai", "acme", "costs");
    private static final LocalDate DAY = LocalDate.of(2026, 11, 19);
    private static final Instant START = Window.startOf(DAY);
    private static final Window WINDOW = new Window(START, START.plus(Duration.ofHours(2)));

    private final SeenIndex index = new SeenIndex(DAY);
    private final Map<Digest, Utf8> ids = new HashMap<>();
    private Instant watermark = START;
    private boolean closed;
    private boolean zeros;

    @Test
    void a_new_row_is_revision_one_with_deltas_to_nothing() {
        Admitted admitted = read(row("a", usd("2.5")));
        assertThat(only(admitted).revision()).isEqualTo(1);
        assertThat(only(admitted).changes()).containsOnly(Map.entry("amount", change("2.5", "usd", "2.5")));
        assertThat(admitted.fresh()).isEqualTo(1);
        assertThat(only(admitted).finality()).isEqualTo(Finality.PROVISIONAL);
    }

    @Test
    void an_equal_row_is_unchanged_and_a_changed_one_is_the_next_revision() {
        read(row("a", usd("2.5")));
        Admitted same = read(row("a", usd("2.5")));
        assertThat(same.isEmpty()).isTrue();
        assertThat(same.unchanged()).isEqualTo(1);
        Admitted changed = read(row("a", usd("2")));
        assertThat(only(changed).revision()).isEqualTo(2);
        assertThat(only(changed).changes()).containsOnly(Map.entry("amount", change("2", "usd", "-0.5")));
        assertThat(changed.revised()).isEqualTo(1);
    }

    @Test
    void rows_of_zeros_wait_until_their_key_has_been_published() {
        assertThat(read(row("a", usd("0"))).unchanged()).isEqualTo(1);
        read(row("a", usd("1")));
        assertThat(only(read(row("a", usd("0")))).changes())
                .containsOnly(Map.entry("amount", change("0", "usd", "-1")));
    }

    @Test
    void rows_of_zeros_are_published_where_that_is_wanted() {
        zeros = true;
        assertThat(only(read(row("a", usd("0")))).revision()).isEqualTo(1);
    }

    @Test
    void a_measure_that_lapses_goes_out_once_more_as_zero() {
        read(row("a", Map.of("amount", Measure.of(3, "usd"), "quantity", Measure.of(2, "tokens"))));
        Admitted lapsed = read(row("a", usd("3")));
        assertThat(only(lapsed).changes())
                .containsOnly(
                        Map.entry("amount", change("3", "usd", "0")),
                        Map.entry("quantity", change("0", "tokens", "-2")));
        assertThat(read(row("a", usd("3"))).isEmpty()).as("only once").isTrue();
    }

    @Test
    void a_changed_unit_is_two_revisions_in_one_read() {
        read(row("a", usd("3")));
        Admitted changed = read(row("a", Map.of("amount", Measure.of(4, "eur"))));
        assertThat(points(changed)).hasSize(2);
        assertThat(points(changed).get(0).changes()).containsOnly(Map.entry("amount", change("0", "usd", "-3")));
        assertThat(points(changed).get(1).changes()).containsOnly(Map.entry("amount", change("4", "eur", "4")));
        assertThat(points(changed).get(1).revision()).isEqualTo(3);
        assertThat(changed.seen()).isEqualTo(1);
    }

    @Test
    void a_finer_number_is_a_revision_by_its_exact_text_alone() {
        read(row("a", usd("0.1234567890123456781")));
        Admitted finer = read(row("a", usd("0.12345678901234567811")));
        assertThat(Objects.requireNonNull(only(finer).changes().get("amount")).delta())
                .isEqualByComparingTo("0");
        assertThat(Objects.requireNonNull(only(finer).changes().get("amount"))
                        .now()
                        .exact())
                .contains("0.12345678901234567811");
    }

    @Test
    void what_is_gone_is_retracted_only_when_a_read_before_said_so_and_comes_back_from_zero() {
        read(row("a", usd("3")), row("b", usd("1")));
        Admitted once = read(row("b", usd("1")));
        assertThat(once.publications()).isEmpty();
        assertThat(once.vanished()).hasSize(1);
        Admitted twice = confirm(once, row("b", usd("1")));
        assertThat(only(twice).retracted()).isTrue();
        assertThat(only(twice).changes()).containsOnly(Map.entry("amount", change("0", "usd", "-3")));
        assertThat(twice.retracted()).isEqualTo(1);
        assertThat(read(row("b", usd("1"))).vanished()).as("gone for good").isEmpty();
        Admitted back = read(row("a", usd("3")), row("b", usd("1")));
        assertThat(only(back).revision()).isEqualTo(3);
        assertThat(only(back).changes()).containsOnly(Map.entry("amount", change("3", "usd", "3")));
    }

    @Test
    void nothing_is_gone_beside_a_quarantined_row_in_a_missing_bucket_or_in_empty_data() {
        read(row("a", usd("3")));
        Quarantined bad = bad(Optional.of(START));
        Bucket withBad = new Bucket(START, START.plusSeconds(3600), List.of(), List.of(bad));
        assertThat(admit(sweep(List.of(withBad), Set.of(START), false), Map.of())
                        .vanished())
                .isEmpty();
        assertThat(admit(sweep(List.of(), Set.of(START), false), Map.of()).vanished())
                .isEmpty();
        assertThat(admit(sweep(List.of(), Set.of(), true), Map.of()).vanished()).isEmpty();
    }

    @Test
    void a_quarantined_row_is_published_once_and_counts_until_its_bucket_is_shown_without_it() {
        Quarantined bad = bad(Optional.of(START));
        Bucket withBad = new Bucket(START, START.plusSeconds(3600), List.of(), List.of(bad));
        Admitted first = admit(sweep(List.of(withBad), Set.of(START), false), Map.of());
        assertThat(first.publications()).hasSize(1);
        assertThat(first.seen()).isEqualTo(1);
        apply(first);
        assertThat(index.day(DAY).quarantined()).isEqualTo(1);
        assertThat(admit(sweep(List.of(withBad), Set.of(START), false), Map.of())
                        .publications())
                .isEmpty();
        apply(admit(sweep(List.of(), Set.of(START), false), Map.of()));
        assertThat(index.day(DAY).quarantined())
                .as("a missing bucket proves nothing")
                .isEqualTo(1);
        Bucket without = new Bucket(START, START.plusSeconds(3600), List.of(), List.of());
        apply(admit(sweep(List.of(without), Set.of(), false), Map.of()));
        assertThat(index.day(DAY).quarantined()).isZero();
    }

    @Test
    void equal_quarantined_rows_of_two_days_count_against_both_and_each_until_it_is_gone() {
        Bucket good = new Bucket(START, START.plusSeconds(3600), List.of(), List.of());
        Bucket first = new Bucket(START, good.end(), List.of(), List.of(bad(Optional.of(START))));
        Instant next = START.plus(Duration.ofDays(1));
        Bucket second = new Bucket(next, next.plusSeconds(3600), List.of(), List.of(bad(Optional.of(next))));
        Admitted both = admit(ofTwoDays(List.of(first, second), List.of()), Map.of());
        assertThat(both.publications()).hasSize(1);
        assertThat(both.seen()).isEqualTo(2);
        apply(both);
        assertThat(quarantined()).containsExactly(1L, 1L);
        apply(admit(ofTwoDays(List.of(good, second), List.of()), Map.of()));
        assertThat(quarantined()).containsExactly(0L, 1L);
    }

    @Test
    void a_quarantined_row_of_which_nobody_knows_the_time_counts_against_every_day_of_its_window() {
        Admitted admitted = admit(ofTwoDays(List.of(), List.of(bad(Optional.empty()))), Map.of());
        assertThat(admitted.publications()).hasSize(1);
        assertThat(admitted.seen()).isEqualTo(1);
        apply(admitted);
        assertThat(quarantined()).containsExactly(1L, 1L);
        assertThat(admit(ofTwoDays(List.of(), List.of(bad(Optional.empty()))), Map.of())
                        .isEmpty())
                .isTrue();
        Instant middle = START.plus(Duration.ofHours(24));
        apply(admit(
                ofTwoDays(
                        List.of(
                                new Bucket(START, START.plusSeconds(3600), List.of(), List.of()),
                                new Bucket(middle, middle.plusSeconds(3600), List.of(), List.of())),
                        List.of()),
                Map.of()));
        assertThat(quarantined()).containsExactly(0L, 0L);
    }

    @Test
    void finality_is_the_status_at_publication_and_restated_says_that_the_day_was_closed() {
        watermark = START.plusSeconds(3600);
        closed = true;
        assertThat(only(read(row("a", usd("3")))).finality()).isEqualTo(Finality.FINAL);
        assertThat(only(read(row("a", usd("4")))).restated()).isTrue();
        watermark = START.plusSeconds(3599);
        closed = false;
        assertThat(only(read(row("a", usd("5")))).finality()).isEqualTo(Finality.PROVISIONAL);
        assertThat(only(read(row("a", usd("6")))).restated()).isFalse();
    }

    @Test
    void an_id_that_is_too_long_is_set_aside() {
        Admitted admitted = read(row("x".repeat(5_000), usd("1")));
        assertThat(admitted.quarantined()).isEqualTo(1);
        assertThat(admitted.fresh()).isZero();
    }

    @Test
    void a_row_for_whose_sums_its_day_has_no_room_is_set_aside_in_every_read() {
        Admitted most = read(rowsOfUnits(START, SumNames.MAX - 1));
        Admitted full = read(row("a", in("usd")), row("b", in("unit 7")), row("c", in("eur")));
        assertThat(full.fresh()).isEqualTo(2);
        assertThat(full.publications())
                .filteredOn(QuarantinedRow.class::isInstance)
                .extracting(set -> ((QuarantinedRow) set).row().reason())
                .containsExactly(Reason.OVERFLOW);

        SeenIndex restarted = new SeenIndex(DAY);
        Stream.of(most, full).flatMap(read -> read.rows().stream()).forEach(restarted.day(DAY)::put);
        Sweep later = sweepOf(row("c", in("eur")), row("b", in("chf")), row("a", in("usd")));
        for (SeenIndex held : List.of(index, restarted)) {
            Admitted again = admit(later, held, Map.of());
            assertThat(again.quarantined()).isEqualTo(2);
            assertThat(again.unchanged()).isEqualTo(1);
            assertThat(again.vanished()).as("b is still shown").hasSize(SumNames.MAX - 1);
        }
    }

    @Test
    void every_day_has_room_for_sums_of_its_own_and_rows_that_go_make_room() {
        read(rowsOfUnits(START, SumNames.MAX));
        Point[] ofTheNext = rowsOfUnits(START.plus(Duration.ofDays(1)), SumNames.MAX);
        ofTheNext[0] = new Point(ofTheNext[0].start(), Grain.HOUR, ofTheNext[0].dimensions(), in("eur"));
        assertThat(read(ofTheNext).fresh()).isEqualTo(SumNames.MAX);

        Point another = row("a", in("eur"));
        Admitted gone = read(another);
        assertThat(gone.quarantined()).isEqualTo(1);
        assertThat(confirm(gone, another).retracted()).isEqualTo(SumNames.MAX);
        assertThat(read(another).fresh()).isEqualTo(1);
    }

    @Test
    void an_index_that_is_not_whole_refuses_to_say_what_is_new() {
        SeenIndex later = new SeenIndex(DAY.plusDays(1));
        Standing standing = new Standing(SPLIT, START, START, day -> false);
        Sweep sweep = sweep(
                List.of(new Bucket(START, START.plusSeconds(3600), List.of(row("a", usd("1"))), List.of())),
                Set.of(),
                false);
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> PointAdmission.admit(sweep, later, standing, false, Map.of()))
                .isInstanceOf(IllegalStateException.class);
    }

    // ---- given and when

    private Admitted read(Point... rows) {
        Admitted admitted = admit(sweepOf(rows), Map.of());
        apply(admitted);
        return admitted;
    }

    private Admitted confirm(Admitted before, Point... rows) {
        Map<Digest, Utf8> confirmed = new HashMap<>();
        before.vanished().keySet().forEach(key -> confirmed.put(key, Objects.requireNonNull(ids.get(key))));
        Admitted admitted = admit(sweepOf(rows), confirmed);
        apply(admitted);
        return admitted;
    }

    private static Sweep sweepOf(Point... rows) {
        return sweep(List.of(new Bucket(START, START.plusSeconds(3600), List.of(rows), List.of())), Set.of(), false);
    }

    private static Sweep sweep(List<Bucket> buckets, Set<Instant> unreliable, boolean inconclusive) {
        return new Sweep(WINDOW, WINDOW.to(), Grain.HOUR, buckets, List.of(), unreliable, inconclusive, 0, false);
    }

    private static Sweep ofTwoDays(List<Bucket> buckets, List<Quarantined> loose) {
        Window window = new Window(START, START.plus(Duration.ofDays(2)));
        return new Sweep(window, window.to(), Grain.HOUR, buckets, loose, Set.of(), true, 0, false);
    }

    private static Quarantined bad(Optional<Instant> time) {
        return new Quarantined(Reason.BAD_NUMBER, "", "/", Optional.empty(), Digest.of("bad"), time);
    }

    private List<Long> quarantined() {
        return List.of(index.day(DAY).quarantined(), index.day(DAY.plusDays(1)).quarantined());
    }

    private Admitted admit(Sweep sweep, Map<Digest, Utf8> confirmed) {
        return admit(sweep, index, confirmed);
    }

    private Admitted admit(Sweep sweep, SeenIndex index, Map<Digest, Utf8> confirmed) {
        Standing standing = new Standing(SPLIT, sweep.began(), watermark, day -> closed);
        return PointAdmission.admit(sweep, index, standing, zeros, confirmed);
    }

    private void apply(Admitted admitted) {
        admitted.rows().forEach(row -> {
            index.day(Window.dayOf(row.time())).put(row);
            ids.put(row.key(), row.text());
        });
        admitted.marks().forEach(mark -> index.day(Window.dayOf(mark.time())).mark(mark));
    }

    private static List<PointRevision> points(Admitted admitted) {
        return admitted.publications().stream().map(PointRevision.class::cast).toList();
    }

    private static PointRevision only(Admitted admitted) {
        assertThat(admitted.publications()).hasSize(1);
        return points(admitted).get(0);
    }

    private static Map<String, Measure> usd(String amount) {
        return Map.of("amount", Measure.of(new BigDecimal(amount), "usd"));
    }

    private static Change change(String now, String unit, String delta) {
        return new Change(Measure.of(new BigDecimal(now), unit), Measure.plain(new BigDecimal(delta)));
    }

    private static Measures in(String unit) {
        return Measures.of("quantity", Measure.of(1, unit));
    }

    private static Point[] rowsOfUnits(Instant start, int units) {
        return IntStream.range(0, units)
                .mapToObj(n -> row(start, "project " + n, in("unit " + n)))
                .toArray(Point[]::new);
    }

    private static Point row(String project, Map<String, Measure> measures) {
        return row(START, project, measures);
    }

    private static Point row(Instant start, String project, Map<String, Measure> measures) {
        ByName<Optional<String>> dimensions = ByName.of("project_id", Optional.of(project));
        return new Point(start, Grain.HOUR, dimensions, Measures.of(new TreeMap<>(measures)));
    }
}
