package io.usagestream.dev.demo;

import io.usagestream.stream.Split;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The live table: redrawn in place on a terminal, a line of sums now and then into a pipe. */
final class LiveTable {
    private static final String ROW = "%-34s %-12s %9s %9s %9s %7s %9s";
    private static final String UP = "\u001b[%dA";
    private static final String CLEAR = "\u001b[K";

    private final Flow flow;
    private final PrintStream out;
    private final boolean terminal;
    private int drawn;

    LiveTable(Flow flow, PrintStream out, boolean terminal) {
        this.flow = flow;
        this.out = out;
        this.terminal = terminal;
    }

    /** How often it wants to be drawn. */
    Duration interval() {
        return terminal ? Duration.ofSeconds(1) : Duration.ofSeconds(10);
    }

    void draw(Instant now) {
        if (!terminal) {
            out.println(sums(now));
            return;
        }
        List<String> lines = lines(now);
        StringBuilder frame = new StringBuilder();
        if (drawn > 0) {
            frame.append(String.format(UP, drawn));
        }
        lines.forEach(line -> frame.append(line).append(CLEAR).append('\n'));
        drawn = lines.size();
        out.print(frame);
        out.flush();
    }

    /** The whole table, once: how it stood at the end. */
    void finish(Instant now) {
        if (terminal) {
            draw(now);
        } else {
            lines(now).forEach(out::println);
        }
    }

    List<String> lines(Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(ROW, "STREAM", "STATE", "NEW", "REVISED", "RETRACTED", "LAG", "REQUESTS"));
        for (Map.Entry<Split, Flow.Counts> entry : flow.counts().entrySet()) {
            Flow.Counts counts = entry.getValue();
            lines.add(String.format(
                    ROW,
                    cut(entry.getKey().name(), 34),
                    counts.status
                            .map(s -> s.state().name().toLowerCase(Locale.ROOT).replace('_', ' '))
                            .orElse("starting"),
                    number(counts.fresh),
                    number(counts.revised),
                    number(counts.retracted),
                    counts.lag(now).map(LiveTable::age).orElse("-"),
                    number(counts.requests)));
        }
        return lines;
    }

    private String sums(Instant now) {
        long fresh = 0;
        long revised = 0;
        long retracted = 0;
        long requests = 0;
        Duration lag = Duration.ZERO;
        Map<Split, Flow.Counts> all = flow.counts();
        for (Flow.Counts counts : all.values()) {
            fresh += counts.fresh;
            revised += counts.revised;
            retracted += counts.retracted;
            requests += counts.requests;
            Duration its = counts.lag(now).orElse(Duration.ZERO);
            lag = its.compareTo(lag) > 0 ? its : lag;
        }
        return String.format(
                "%s  streams %d  new %s  revised %s  retracted %s  requests %s  worst lag %s",
                now.toString().substring(11, 19),
                all.size(),
                number(fresh),
                number(revised),
                number(retracted),
                number(requests),
                age(lag));
    }

    private static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    private static String age(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }
}
