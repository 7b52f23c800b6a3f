package io.usagestream.source.json;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import io.usagestream.source.Drift;
import io.usagestream.source.UpstreamException;
import io.usagestream.stream.Quarantined;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.slf4j.LoggerFactory;

/**
 * Decodes and admits many spoilt pages. A number of {@code -Dfuzz.pages} says how many; a failing one names its seed, which
 * {@code -Dfuzz.seed} replays alone.
 */
public final class Fuzzing {
    private static final long FIRST_SEED = 20_261_119;
    private static final long SLOWEST_NANOS = 2_000_000_000L;
    private static final ObjectMapper TREES = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNumberLength(1_000_000).build())
            .build());

    /** Decodes one page and accounts for its rows; anything but a failure of the closed family is a bug. */
    public interface Target {
        /** @return rows accounted for */
        long decode(byte[] page) throws Exception;
    }

    /** Wall clocks say more about the machine's other work. */
    private static final ThreadMXBean CPU = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Kinds of pages among which the pages are shared. */
    private static final int KINDS = 20;

    /** What decoding and admitting one page, checks included, may allocate: a multiple of the largest page, whatever it says. */
    private static final long MOST_BYTES = 64L << 20;

    private Fuzzing() {}

    /** Pages to decode of one kind. */
    public static int pages() {
        return Math.max(1, (Integer.getInteger("fuzz.pages", 100_000) + KINDS - 1) / KINDS);
    }

    /** Runs and reports in one line. */
    public static void run(String name, List<String> seedPages, int pages, Target target) {
        // what is not known is named once each, and here every letter of every name is spoilt once
        ((Logger) LoggerFactory.getLogger(Drift.class)).setLevel(Level.ERROR);
        long only = Long.getLong("fuzz.seed", -1);
        long refused = 0;
        long rows = 0;
        long slowest = 0;
        long largest = 0;
        long begun = CPU.getCurrentThreadCpuTime();
        int count = only >= 0 ? 1 : pages;
        for (int i = 0; i < count; i++) {
            long seed = only >= 0 ? only : FIRST_SEED + i;
            SplittableRandom random = new SplittableRandom(seed);
            byte[] good = seedPages.get(random.nextInt(seedPages.size())).getBytes(StandardCharsets.UTF_8);
            byte[] page = Mutant.of(good, random);
            long started = CPU.getCurrentThreadCpuTime();
            long allocated = CPU.getCurrentThreadAllocatedBytes();
            try {
                rows += target.decode(page);
            } catch (UpstreamException e) {
                refused++;
            } catch (Exception | AssertionError e) {
                throw new AssertionError(
                        name + " failed; replay with -Dfuzz.seed=" + seed + " on "
                                + new String(page, StandardCharsets.UTF_8),
                        e);
            }
            largest = Math.max(largest, CPU.getCurrentThreadAllocatedBytes() - allocated);
            slowest = Math.max(slowest, CPU.getCurrentThreadCpuTime() - started);
        }
        System.out.printf(
                Locale.ROOT,
                "fuzz %-25s %,d pages from seed %d, %,d refused whole, %,d rows accounted for, slowest %d ms, at most %.1f"
                        + " MB allocated, %.1f s of CPU%n",
                name,
                count,
                FIRST_SEED,
                refused,
                rows,
                slowest / 1_000_000,
                largest / 1e6,
                (CPU.getCurrentThreadCpuTime() - begun) / 1e9);
        assertThat(slowest).isLessThan(SLOWEST_NANOS);
        assertThat(largest).as("memory is bounded").isLessThan(MOST_BYTES);
        if (only < 0) {
            assertThat(refused).as("some pages are beyond use").isBetween(count / 20L, count * 19L / 20);
        }
    }

    /** The page as another parser sees it. */
    public static JsonNode tree(byte[] page) throws IOException {
        return TREES.readTree(page);
    }

    /** Every value of the page by its pointer, as its bytes stand there, each of them widened to a character. */
    public static Map<String, String> values(byte[] page) throws IOException {
        Map<String, String> values = new HashMap<>();
        Deque<Integer> open = new ArrayDeque<>();
        try (JsonParser parser = TREES.createParser(page)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                int from = Json.begin(parser);
                if (token.isStructStart()) {
                    open.push(from);
                } else if (token != JsonToken.FIELD_NAME) {
                    int begin = token.isStructEnd() ? open.pop() : from;
                    values.put(
                            parser.getParsingContext().pathAsPointer().toString(),
                            new String(page, begin, Json.end(parser) - begin, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return values;
    }

    /** What holds of every row that is set aside. */
    public static void check(Quarantined row) {
        assertThat(row.detail()).isNotBlank().doesNotContain("\n").hasSizeLessThan(200);
        row.fragment()
                .ifPresent(text ->
                        assertThat(text.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(8 * 1024));
    }
}
