package io.usagestream.chaos;

import io.usagestream.dev.audit.Audit.Finding;
import java.util.List;

/**
 * What was left when all was over.
 *
 * @param openTransactions must be none
 * @param offsets that the topics of usage used up: records and transaction markers
 */
public record Verdict(List<Finding> findings, List<String> openTransactions, long offsets) {
    public boolean sound() {
        return findings.stream().allMatch(Finding::equal)
                && findings.stream().anyMatch(f -> f.expected() > 0)
                && openTransactions.isEmpty();
    }

    int rows() {
        return findings.stream().mapToInt(Finding::found).sum();
    }

    /** Records too many or out of order. */
    int doubled() {
        return findings.stream().mapToInt(f -> f.doubled() + f.surplus()).sum();
    }

    int missing() {
        return findings.stream().mapToInt(Finding::missing).sum();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder((sound() ? "equal" : "NOT EQUAL") + ": rows " + rows() + ", offsets "
                + offsets + ", missing " + missing() + ", doubled " + doubled() + ", open transactions "
                + openTransactions);
        findings.stream()
                .filter(f -> !f.equal())
                .forEach(f -> text.append(System.lineSeparator()).append("  ").append(f));
        return text.toString();
    }
}
