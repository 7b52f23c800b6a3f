package io.usagestream.query;

import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;

/**
 * What a usage summary is to be about.
 *
 * @param start the first UTC day
 * @param end the last UTC day, included
 * @param project only what is known to belong to that project
 * @param include the heavy sections that are wanted whole
 */
public record UsageQuestion(LocalDate start, LocalDate end, Optional<String> project, Set<UsageSection> include) {
    /** @throws IllegalArgumentException when the range ends before it begins */
    public UsageQuestion {
        if (end.isBefore(start)) {
            throw new IllegalArgumentException("the range ends (" + end + ") before it begins (" + start + ")");
        }
        include = Set.copyOf(include);
    }

    boolean includes(UsageSection section) {
        return include.contains(section);
    }
}
