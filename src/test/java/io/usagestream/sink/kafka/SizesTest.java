package io.usagestream.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.envelope.Envelope;
import io.usagestream.envelope.WireFormat;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Finality;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Ids;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Point;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import io.usagestream.stream.Utf8;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is said of a point's size without writing it is never less than what it takes, and of a long one not much more. */
class SizesTest {
    private static final Split SPLIT = new Split("openai", "acme", "completions");
    private static final List<String> LETTERS = List.of("a", "Z", "/", "?", "é", "日", "🙂");

    @Test
    void aPointTakesNoMoreThanIsSaid() {
        Random random = new Random(3);
        Envelope envelope = new Envelope(new WireFormat.SingleObject());
        for (int round = 0; round < 500; round++) {
            Publication point = point(random, random.nextInt(3) == 0 ? 900 : 20);
            int size = envelope.encode(point).size();
            assertThat(Sizes.atMost(point)).isBetween(size, 1500 + 4 * size);
        }
    }

    private static Publication point(Random random, int length) {
        ByName.Builder<Optional<String>> dimensions = new ByName.Builder<>();
        for (int n = random.nextInt(8); n > 0; n--) {
            Optional<String> value = random.nextInt(4) == 0 ? Optional.empty() : Optional.of(text(random, length));
            dimensions.put("dimension_" + n, value);
        }
        Measures.Builder measures = new Measures.Builder();
        for (int n = random.nextInt(30); n > 0; n--) {
            Measure measure = Measure.of(new BigDecimal("99999999999999999999.123456789012345678"), text(random, 5));
            measures.put("measure_" + n, measure);
        }
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        Point point = new Point(start, Grain.HOUR, dimensions.build(), measures.build());
        return new Publication.PointRevision(
                SPLIT,
                Utf8.of(Ids.point(SPLIT, point)),
                1,
                start,
                Grain.HOUR,
                point.dimensions(),
                point.measures(),
                ByName.empty(),
                Finality.FINAL,
                false,
                false,
                start);
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(length + 1); n > 0; n--) {
            text.append(LETTERS.get(random.nextInt(LETTERS.size())));
        }
        return text.toString();
    }
}
