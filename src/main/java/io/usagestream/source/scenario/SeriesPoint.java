package io.usagestream.source.scenario;

import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import java.time.Instant;

/**
 * One point of a series, as it was read.
 *
 * @param pointer where it stood
 * @param from the first of its bytes in the response
 * @param to the end of them
 */
record SeriesPoint(String name, Instant time, Measures measures, String pointer, int from, int to) {
    boolean allZero() {
        return measures.values().stream().allMatch(Measure::isZero);
    }
}
