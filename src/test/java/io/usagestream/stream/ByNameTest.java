package io.usagestream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ByNameTest {
    private static final String[] NAMES = {"a", "ab", "b", "batch", "model", "ö", "z", "zz", "a0", "", "project_id"};

    @Test
    void isWhatATreeOfTheSameEntriesIs() {
        Random random = new Random(20261121);
        ByName.Builder<Integer> builder = new ByName.Builder<>();
        for (int round = 0; round < 2_000; round++) {
            TreeMap<String, Integer> tree = new TreeMap<>();
            for (int i = random.nextInt(NAMES.length); i > 0; i--) {
                tree.put(NAMES[random.nextInt(NAMES.length)], random.nextInt(3));
            }
            builder.begin(ByName.of(tree));
            for (int i = random.nextInt(NAMES.length); i > 0; i--) {
                String name = NAMES[random.nextInt(NAMES.length)];
                int value = random.nextInt(3);
                tree.put(name, value);
                builder.put(name, value);
            }
            ByName<Integer> byName = builder.build();

            assertThat(byName).isEqualTo(tree).hasSameHashCodeAs(tree).containsExactlyEntriesOf(tree);
            assertThat(tree).isEqualTo(byName);
            assertThat(byName).isEqualTo(ByName.of(tree));
            for (String name : NAMES) {
                assertThat(byName.get(name)).isEqualTo(tree.get(name));
                assertThat(byName.containsKey(name)).isEqualTo(tree.containsKey(name));
                assertThat(byName.headMap(name)).isEqualTo(tree.headMap(name));
                assertThat(byName.tailMap(name)).isEqualTo(tree.tailMap(name));
            }
        }
    }

    @Test
    void whatIsBuiltLaterChangesNothingThatWasBuiltBefore() {
        ByName.Builder<Integer> builder = new ByName.Builder<>();
        builder.put("b", 1);
        builder.put("c", 2);
        ByName<Integer> first = builder.build();
        builder.begin(first).put("a", 3);
        builder.put("b", 4);

        assertThat(builder.build()).containsExactly(entry("a", 3), entry("b", 4), entry("c", 2));
        assertThat(first).containsExactly(entry("b", 1), entry("c", 2));
    }

    @Test
    void isImmutable() {
        ByName<Integer> one = ByName.of("a", 1);

        assertThatThrownBy(() -> one.put("b", 2)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> one.remove("a")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(one::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> one.entrySet().iterator().next().setValue(2))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private static java.util.Map.Entry<String, Integer> entry(String name, int value) {
        return java.util.Map.entry(name, value);
    }
}
