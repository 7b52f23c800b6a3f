package io.usagestream.dev.upstream.scenario;

import io.usagestream.dev.upstream.http.Ask;
import io.usagestream.dev.upstream.ledger.StudioQuery;
import io.usagestream.stream.Grain;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one request asks for.
 *
 * @param offset where the page of activity begins; whatever is no offset is 0
 */
record StudioRequest(StudioQuery query, Set<Section> sections, long offset, boolean dropZeroPoints) {
    private static final Duration LONGEST = Duration.ofDays(120);
    private static final Duration STANDARD = Duration.ofDays(31);

    /** @throws StudioRefusal for dates that make no window */
    static StudioRequest of(Ask ask, int account, Instant now) {
        Optional<Instant> start = ask.one("startDate").map(StudioRequest::date);
        Optional<Instant> end = ask.one("endDate").map(StudioRequest::date);
        if (start.isPresent() != end.isPresent()) {
            throw StudioRefusal.bad("startDate and endDate must be provided together");
        }
        Instant to = end.orElse(now);
        Instant from = start.orElseGet(() -> now.minus(range(ask)));
        if (to.isBefore(from)) {
            throw StudioRefusal.bad("endDate must be after startDate");
        }
        if (Duration.between(from, to).compareTo(LONGEST) > 0) {
            throw StudioRefusal.bad("The maximum time range is 120 days");
        }
        Set<String> users = new HashSet<>(ask.all("userIds"));
        ask.one("userId").ifPresent(users::add);
        return new StudioRequest(
                new StudioQuery(account, from, to, Set.copyOf(ask.all("projectIds")), users, ask.one("teamId")),
                Section.of(ask.all("type")),
                offset(ask),
                ask.one("dropZeroPoints").filter("true"::equals).isPresent());
    }

    /**
     * The width of the series' intervals, which upstream computes from the length of the window in a way that is not published: hours
     * up to two days, days up to 31 days, else weeks.
     */
    Grain grain() {
        Duration length = Duration.between(query.from(), query.to());
        if (length.compareTo(Duration.ofDays(2)) <= 0) {
            return Grain.HOUR;
        }
        return length.compareTo(STANDARD) <= 0 ? Grain.DAY : Grain.WEEK;
    }

    boolean wants(Section section) {
        return sections.contains(section);
    }

    private static Duration range(Ask ask) {
        return switch (ask.one("timeRange").orElse("")) {
            case "last-hour" -> Duration.ofHours(1);
            case "last-day" -> Duration.ofDays(1);
            case "last-three-days" -> Duration.ofDays(3);
            case "last-seven-days" -> Duration.ofDays(7);
            default -> STANDARD;
        };
    }

    private static long offset(Ask ask) {
        List<String> values = ask.query().getOrDefault("activityOffset", List.of());
        try {
            return values.isEmpty() ? 0 : Math.max(0, Long.parseLong(values.get(values.size() - 1)));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static Instant date(String text) {
        try {
            return text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw StudioRefusal.bad("Invalid date: " + text);
        }
    }
}
