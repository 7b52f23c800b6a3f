package io.usagestream.dev.upstream.ledger;

import java.util.List;
import java.util.Optional;

/**
 * One piece of OpenAI usage, as upstream shows it at some moment: what buckets are summed up from.
 *
 * <p>A class and not a record: its measures are an array, because a month holds a hundred thousand of these.
 */
public final class Usage {
    private final long id;
    private final Meter meter;
    private final long second;
    private final List<Optional<String>> dimensions;
    private final long[] measures;

    /**
     * @param id unique within account and meter
     * @param second epoch second at which it happened
     * @param dimensions in the order of {@link Meter#allDimensions()}
     * @param measures in the order of {@link Meter#measures()}
     */
    public Usage(long id, Meter meter, long second, List<Optional<String>> dimensions, long[] measures) {
        this.id = id;
        this.meter = meter;
        this.second = second;
        this.dimensions = dimensions;
        this.measures = measures.clone();
    }

    public long id() {
        return id;
    }

    public Meter meter() {
        return meter;
    }

    public long second() {
        return second;
    }

    public Optional<String> dimension(int index) {
        return dimensions.get(index);
    }

    /** The value of a dimension; empty also when the meter has no such dimension. */
    public Optional<String> dimension(String name) {
        int index = meter.allDimensions().indexOf(name);
        return index < 0 ? Optional.empty() : dimensions.get(index);
    }

    public long measure(int index) {
        return measures[index];
    }

    /** Adds the measures to sums of the same order. */
    void addTo(long[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += measures[i];
        }
    }
}
