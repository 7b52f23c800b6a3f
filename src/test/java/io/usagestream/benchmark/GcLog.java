package io.usagestream.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a JVM allocated and how often it collected all of its heap, from its own log. */
record GcLog(List<Pause> pauses) {
    private static final Pattern LINE =
            Pattern.compile("\\[([0-9.]+)s].* Pause (\\w+ \\([^)]*\\)).*?(\\d+)M->(\\d+)M\\(");

    /** @param seconds since the JVM began */
    record Pause(double seconds, boolean full, long before, long after) {}

    /** The option that makes a JVM write it. */
    static String option(Path file) {
        return "-Xlog:gc:file=" + file + ":uptime";
    }

    static GcLog of(Path file) {
        List<Pause> pauses = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                Matcher found = LINE.matcher(line);
                if (found.find()) {
                    pauses.add(new Pause(
                            Double.parseDouble(found.group(1)),
                            found.group(2).startsWith("Full") && !found.group(2).contains("Metadata"),
                            Long.parseLong(found.group(3)) << 20,
                            Long.parseLong(found.group(4)) << 20));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new GcLog(pauses);
    }

    /** Bytes allocated a second between two moments: what filled the heap from one pause to the next. */
    double bytesASecond(double from, double to) {
        long bytes = 0;
        double first = to;
        double last = from;
        for (int i = 1; i < pauses.size(); i++) {
            Pause pause = pauses.get(i);
            Pause before = pauses.get(i - 1);
            if (before.seconds() >= from && pause.seconds() <= to) {
                bytes += pause.before() - before.after();
                first = Math.min(first, before.seconds());
                last = Math.max(last, pause.seconds());
            }
        }
        return last > first ? bytes / (last - first) : 0;
    }

    /** Collections of the whole heap for want of room; those that load classes cause belong to the start. */
    long full() {
        return pauses.stream().filter(Pause::full).count();
    }
}
