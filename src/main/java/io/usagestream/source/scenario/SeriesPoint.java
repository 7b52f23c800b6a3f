package io.usagestream.source.scenario;

import io.usagestream.stream.Measure;
import java.time.Instant;
import java.util.SortedMap;

/**
 * One point of a series, as it was read.
 *
 * @param pointer where it stood
 * @param from the first of its bytes in the response
 * @param to the end of them
 */
record SeriesPoint(String name, Instant time, SortedMap<String, Measure> measures, String pointer, int from, int to) {
    boolean allZero() {
        return measures.values().stream().allMatch(Measure::isZero);
    }
}
