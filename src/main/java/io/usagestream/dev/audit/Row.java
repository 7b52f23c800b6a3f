package io.usagestream.dev.audit;

import io.usagestream.stream.Measure;
import java.util.SortedMap;

/** One row as either side has it: its numbers by measure. Rows of zeros count for nothing: upstream fills up with them. */
record Row(SortedMap<String, Measure> measures) {
    boolean isZero() {
        return measures.values().stream().allMatch(Measure::isZero);
    }
}
