package io.usagestream.query;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
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

    /** How many days a question is about that names none: the last ones. */
    private static final int DAYS = 31;

    /** The last one with four digits. */
    private static final int LAST_YEAR = 9_999;

    /**
     * The question of parameters in words; each may be absent.
     *
     * @param include sections with commas
     * @throws IllegalArgumentException for words that say nothing, with what is wrong
     */
    public static UsageQuestion of(
            Optional<String> start,
            Optional<String> end,
            Optional<String> project,
            Optional<String> include,
            LocalDate today) {
        LocalDate last = end.map(text -> date("end-date", text)).orElse(today);
        LocalDate first = start.map(text -> date("start-date", text)).orElse(last.minusDays(DAYS - 1L));
        Set<UsageSection> sections = EnumSet.noneOf(UsageSection.class);
        for (String word : include.map(words -> words.split(",")).orElse(new String[0])) {
            sections.add(UsageSection.of(word.strip())
                    .orElseThrow(() -> new IllegalArgumentException(
                            "include: '" + word + "' is not one of the sections " + UsageSection.words())));
        }
        return new UsageQuestion(first, last, project, sections);
    }

    private static LocalDate date(String name, String text) {
        try {
            LocalDate day = LocalDate.parse(text);
            if (day.getYear() >= 0 && day.getYear() <= LAST_YEAR) {
                return day;
            }
        } catch (DateTimeParseException e) {
            // said below, for both
        }
        throw new IllegalArgumentException(name + ": '" + text + "' is not a day; write it as 2026-11-01");
    }

    boolean covers(LocalDate day) {
        return !day.isBefore(start) && !day.isAfter(end);
    }

    boolean includes(UsageSection section) {
        return include.contains(section);
    }
}
