package io.usagestream.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** How far a long piece of work is: a bar with rate and estimate on a terminal, a line now and then elsewhere. */
final class ProgressBar {
    private static final int WIDTH = 30;
    private static final Duration LINES = Duration.ofSeconds(10);

    private final PrintWriter out;
    private final boolean terminal;
    private final Instant began;
    private final long total;
    private final String unit;
    private long first = -1;
    private Instant last = Instant.EPOCH;

    /**
     * @param total how much there is to do
     * @param unit what is counted, in the plural
     */
    ProgressBar(PrintWriter out, boolean terminal, Instant began, long total, String unit) {
        this.out = out;
        this.terminal = terminal;
        this.began = began;
        this.total = Math.max(1, total);
        this.unit = unit;
    }

    /** Shows how much is done; the rate counts from the first call, so that what an earlier run did does not flatter it. */
    void show(long done, Instant now) {
        first = first < 0 ? done : first;
        if (!terminal && now.isBefore(last.plus(LINES)) && done < total) {
            return;
        }
        last = now;
        int filled = (int) Math.min(WIDTH, WIDTH * done / total);
        String line = "[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + 100 * done / total + " %  " + done
                + " of " + total + " " + unit + rate(done, now);
        out.print(terminal ? "\r\033[K" + line : line + System.lineSeparator());
        out.flush();
    }

    /** Leaves the bar's line. */
    void end() {
        if (terminal) {
            out.println();
            out.flush();
        }
    }

    private String rate(long done, Instant now) {
        long millis = Duration.between(began, now).toMillis();
        long made = done - first;
        if (made <= 0 || millis <= 0) {
            return done < total ? "  waiting" : "";
        }
        long perMinute = made * 60_000 / millis;
        Duration left = Duration.ofMillis((total - done) * millis / made);
        return String.format(Locale.ROOT, "  %d a minute  %s", perMinute, done < total ? words(left) + " left" : "");
    }

    private static String words(Duration left) {
        return left.toMinutes() > 0
                ? "about " + left.toMinutes() + " min"
                : "about " + Math.max(1, left.toSeconds()) + " s";
    }
}
