package io.usagestream.stream;

import java.time.Instant;
import java.util.Optional;

/**
 * One row of one time bucket.
 *
 * @param start the bucket's inclusive start, on the grain's grid (consumption: the start of the request window)
 * @param dimensions the value of every dimension grouped by; empty where upstream says null, which is not the empty text
 * @param measures the numbers by name; a measure that upstream leaves out or gives as null is not there, which is not zero
 */
public record Point(Instant start, Grain grain, ByName<Optional<String>> dimensions, Measures measures)
        implements Observation {
    /** The bucket's exclusive end. */
    public Instant end() {
        return start.plus(grain.width());
    }

    public boolean allZero() {
        return measures.allZero();
    }
}
