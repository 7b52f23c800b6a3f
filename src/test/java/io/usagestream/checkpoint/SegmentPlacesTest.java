package io.usagestream.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.stream.Split;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SegmentPlacesTest {
    private static final Split SPLIT = new Split("openai", "acme", "costs");
    private static final LocalDate DAY = LocalDate.parse("2026-11-19");

    /** A segment as a map would keep it. */
    private record Place(long offset, int bytes) {}

    private final SegmentPlaces places = new SegmentPlaces(SPLIT);
    private final Map<SegmentName, Place> expected = new HashMap<>();

    @Test
    void it_is_a_map_by_day_and_number() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            SegmentName name =
                    new SegmentName(SPLIT, DAY.plusDays(random.nextInt(20)), 1 + random.nextInt(i < 10_000 ? 12 : 4));
            int what = random.nextInt(i < 10_000 ? 6 : 3);
            if (what < 2) {
                places.drop(name);
                expected.remove(name);
            } else if (what == 2) {
                expected.computeIfPresent(name, (n, place) -> new Place(place.offset, i(name)));
                places.loaded(name, i(name));
            } else if (what == 3) {
                places.restored(name, i);
                expected.put(name, new Place(i, 0));
            } else {
                places.put(name, i, i);
                expected.put(name, new Place(i, i));
            }
            same(DAY.plusDays(random.nextInt(22) - 1));
        }
        assertThat(places.next(DAY).number()).isEqualTo(13);
    }

    private static int i(SegmentName name) {
        return (int) name.number() * 100 + name.day().getDayOfMonth();
    }

    private void same(LocalDate day) {
        assertThat(places.of(day))
                .isEqualTo(of(name -> name.day().equals(day)).entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset)));
        assertThat(places.sizes(day))
                .isEqualTo(of(name -> name.day().equals(day)).entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().bytes)));
        assertThat(places.before(day))
                .containsExactlyInAnyOrderElementsOf(
                        of(name -> name.day().isBefore(day)).keySet());
        assertThat(places.notLoaded(day).keySet())
                .isEqualTo(of(name -> !name.day().isBefore(day)).entrySet().stream()
                        .filter(e -> e.getValue().bytes == 0)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet()));
    }

    private Map<SegmentName, Place> of(Predicate<SegmentName> names) {
        return expected.entrySet().stream()
                .filter(e -> names.test(e.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
