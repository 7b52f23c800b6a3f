package io.usagestream.cli;

import io.usagestream.query.Difference;
import io.usagestream.query.SplitComparison;
import io.usagestream.query.SplitComparison.Sum;
import io.usagestream.stream.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** A reconciliation for people: every row that differs, then the sums of both sides, then the verdict. */
final class ComparisonText {
    private static final String NOTHING = "-";

    private ComparisonText() {}

    static List<String> of(List<SplitComparison> splits) {
        List<String> lines = new ArrayList<>();
        splits.forEach(split -> add(split, lines));
        long rows = splits.stream().mapToLong(s -> s.differences().size()).sum();
        long unread = splits.stream().filter(s -> s.failure().isPresent()).count();
        lines.add("");
        if (splits.stream().allMatch(SplitComparison::isEqual)) {
            lines.add("equal: no row differs");
        } else {
            lines.add(rows
                    + (rows == 1 ? " row differs" : " rows differ")
                    + (unread == 0 ? "" : "; " + unread + " streams could not be read"));
        }
        return lines;
    }

    private static void add(SplitComparison split, List<String> lines) {
        if (split.window().isEmpty()) {
            lines.add(split.split().name() + ": nothing of the range can be read yet");
            return;
        }
        lines.add(split.split().name() + " " + split.window().get().from() + " … "
                + split.window().get().to() + ": " + split.upstream() + " rows upstream, " + split.held()
                + " in Kafka" + (split.isEqual() ? ", equal" : ""));
        split.failure()
                .ifPresent(
                        failure -> lines.add("  not read: " + failure.reason().word() + " " + failure.message()));
        split.differences().forEach(difference -> add(difference, lines));
        split.sums().forEach((name, sum) -> lines.add("  " + sum(name, sum)));
        if (split.moving() > 0) {
            lines.add("  left out on both sides: " + split.moving() + " rows that changed while they were compared");
        }
        if (split.quarantined() > 0) {
            lines.add("  not compared: " + split.quarantined() + " rows in quarantine");
        }
    }

    private static void add(Difference difference, List<String> lines) {
        String word = switch (difference.kind()) {
            case MISSING -> "missing in Kafka";
            case EXTRA -> "extra in Kafka";
            case DIFFERENT -> "different";
        };
        lines.add("  " + word + " " + difference.id());
        SortedSet<String> names = new TreeSet<>(difference.upstream().keySet());
        names.addAll(difference.held().keySet());
        names.stream()
                .filter(name -> difference.kind() != Difference.Kind.DIFFERENT
                        || !value(difference.upstream(), name).equals(value(difference.held(), name)))
                .forEach(name -> lines.add("    " + name + ": upstream " + value(difference.upstream(), name)
                        + ", Kafka " + value(difference.held(), name)));
    }

    private static String value(SortedMap<String, String> fields, String name) {
        return Optional.ofNullable(fields.get(name)).orElse(NOTHING);
    }

    private static String sum(String name, Sum sum) {
        String numbers = "sum of " + name + ": upstream " + sum.upstream().toPlainString() + ", Kafka "
                + sum.held().toPlainString();
        return sum.isEqual()
                ? numbers
                : numbers + ", difference "
                        + Measure.plain(sum.upstream().subtract(sum.held())).toPlainString();
    }
}
