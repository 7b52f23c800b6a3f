package io.usagestream.dev.demo;

import io.usagestream.dev.audit.Audit.Finding;
import io.usagestream.dev.audit.Audit.Sums;
import io.usagestream.stream.Measure;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The audit's findings as a table for a person: rows by stream, then every measure's sum on both sides, then the verdict. */
final class AuditReport {
    private static final String ROWS = "%-34s %9s %9s %8s %8s %8s %10s  %s";
    private static final String SUMS = "%-44s %36s %36s  %s";

    private AuditReport() {}

    static List<String> of(List<Finding> findings) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(ROWS, "STREAM", "EXPECTED", "FOUND", "MISSING", "SURPLUS", "DOUBLED", "DIFFERENT", ""));
        for (Finding f : findings) {
            lines.add(String.format(
                    ROWS,
                    f.split().name(),
                    number(f.expected()),
                    number(f.found()),
                    number(f.missing()),
                    number(f.surplus()),
                    number(f.doubled()),
                    number(f.different()),
                    f.equal() ? "equal" : "NOT EQUAL"));
        }
        lines.add("");
        lines.add(String.format(SUMS, "SUM OF", "UPSTREAM", "KAFKA", ""));
        sums(findings)
                .forEach((name, sums) -> lines.add(String.format(
                        SUMS,
                        name,
                        plain(sums.expected()),
                        plain(sums.found()),
                        sums.expected().compareTo(sums.found()) == 0 ? "equal" : "NOT EQUAL")));
        findings.stream()
                .filter(f -> !f.equal())
                .flatMap(f -> f.examples().stream())
                .limit(20)
                .forEach(lines::add);
        lines.add("");
        lines.add(verdict(findings));
        return lines;
    }

    private static String verdict(List<Finding> findings) {
        long rows = findings.stream().mapToLong(Finding::expected).sum();
        long unequal = findings.stream().filter(f -> !f.equal()).count();
        return unequal == 0
                ? "Audit: equal. " + number(rows) + " rows in " + findings.size()
                        + " streams: none missing, none doubled, none different."
                : "Audit: NOT EQUAL in " + unequal + " of " + findings.size() + " streams.";
    }

    /** Sums over all sources, by stream and measure. */
    private static Map<String, Sums> sums(List<Finding> findings) {
        Map<String, Sums> all = new TreeMap<>();
        for (Finding finding : findings) {
            finding.sums()
                    .forEach((name, sums) -> all.merge(
                            finding.split().stream() + " " + name,
                            sums,
                            (a, b) -> new Sums(
                                    a.expected().add(b.expected()), a.found().add(b.found()))));
        }
        return all;
    }

    private static String plain(BigDecimal number) {
        return Measure.plain(number).toPlainString();
    }

    private static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }
}
