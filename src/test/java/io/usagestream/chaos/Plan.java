package io.usagestream.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What is to go wrong, in an order that the seed decides.
 *
 * @param counts how often each
 * @param fewest instances that run at once, except for moments
 * @param most instances that run at once
 * @param pause the longest time between two disasters
 */
record Plan(long seed, Map<Disaster, Integer> counts, int fewest, int most, Duration pause) {
    Plan {
        counts = new EnumMap<>(counts);
    }

    List<Disaster> order(Random random) {
        List<Disaster> order = new ArrayList<>();
        counts.forEach((disaster, count) -> order.addAll(Collections.nCopies(count, disaster)));
        Collections.shuffle(order, random);
        return order;
    }
}
