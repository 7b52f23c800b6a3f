package io.usagestream.source.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.source.UpstreamException;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Page;
import io.usagestream.stream.Point;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What rows of one page must come to, told from each of them read alone: equal twins are one point, rows that contradict each
 * other are all set aside, and none is lost or changed by its neighbours.
 */
public final class Alone {
    private final Reading reading;
    private final Map<Place, List<Point>> read = new LinkedHashMap<>();
    private long aside;
    private long rows;

    /** Reads a page. */
    public interface Reading {
        Page.Buckets read(byte[] page) throws Exception;
    }

    private record Place(Instant start, SortedMap<String, Optional<String>> dimensions) {}

    public Alone(Reading reading) {
        this.reading = reading;
    }

    /**
     * Reads a page of one row.
     *
     * @param page in bytes that were widened to characters
     * @return whether the row says anything: is a point, or set aside
     */
    public boolean row(String page) throws Exception {
        Page.Buckets alone;
        try {
            alone = reading.read(page.getBytes(StandardCharsets.ISO_8859_1));
        } catch (UpstreamException e) {
            throw new AssertionError("a row that was read cannot be read alone: " + page, e);
        }
        long before = aside + rows;
        aside += alone.quarantined().size();
        for (Bucket bucket : alone.buckets()) {
            aside += bucket.quarantined().size();
            rows += bucket.rows().size();
            bucket.rows().forEach(this::take);
        }
        assertThat(aside + rows - before).as("one row is one: " + page).isLessThanOrEqualTo(1);
        return aside + rows > before;
    }

    private void take(Point point) {
        read.computeIfAbsent(new Place(point.start(), point.dimensions()), place -> new ArrayList<>())
                .add(point);
    }

    /** Takes a whole of rows that was set aside, or a row that cannot be read alone. */
    public void setAside() {
        aside++;
    }

    /** Compares with what the rows came to together. */
    public void check(List<Bucket> buckets, long quarantined) {
        List<Point> points = new ArrayList<>();
        buckets.forEach(bucket -> points.addAll(bucket.rows()));
        List<Point> expected = new ArrayList<>();
        long contradictions = 0;
        for (List<Point> said : read.values()) {
            SortedMap<String, Measure> first = said.get(0).measures();
            if (said.stream().allMatch(point -> point.measures().equals(first))) {
                expected.add(said.get(0));
            } else {
                contradictions += said.size();
            }
        }
        assertThat(points).as("every row is there").containsExactlyInAnyOrderElementsOf(expected);
        assertThat(quarantined).as("or set aside").isEqualTo(aside + contradictions);
    }
}
