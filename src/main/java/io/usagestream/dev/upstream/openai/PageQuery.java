package io.usagestream.dev.upstream.openai;

import io.usagestream.dev.upstream.http.Ask;
import io.usagestream.stream.Grain;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one request asks for, checked against what its endpoint offers.
 *
 * @param start the first instant of this page: the cursor's, or {@code start_time}
 * @param end exclusive; never later than now
 * @param hash what a cursor of this query carries
 */
record PageQuery(
        Grain width,
        List<String> groupBy,
        Map<String, Set<String>> filters,
        int limit,
        Instant start,
        Instant first,
        Instant end,
        Optional<Cursor> cursor,
        int hash) {
    private static final Duration KEPT = Duration.ofDays(365);
    private static final String PAGE = "page";

    /** Dimensions by the name of the parameter that filters by them. */
    private static final Map<String, String> FILTERS = Map.of(
            "project_ids", "project_id",
            "user_ids", "user_id",
            "api_key_ids", "api_key_id",
            "models", "model",
            "sizes", "size",
            "sources", "source",
            "vector_store_ids", "vector_store_id",
            "context_levels", "context_level",
            "line_items", "line_item",
            "batch", "batch");

    /**
     * @param dimensions what the endpoint can be grouped and filtered by
     * @param costs whether this is about costs, which come in days only
     * @throws Refusal for anything that the endpoint does not offer
     */
    static PageQuery of(Ask ask, List<String> dimensions, boolean costs, Instant now) {
        Grain width = width(ask, costs);
        Limits limits = costs ? Limits.COSTS : Limits.of(width);
        Instant first = time(ask, "start_time")
                .orElseThrow(() -> Refusal.of("start_time", "Missing required parameter: 'start_time'."));
        Instant present = Instant.ofEpochSecond(now.getEpochSecond());
        Instant wanted = time(ask, "end_time").orElse(present);
        if (!wanted.isAfter(first)) {
            throw Refusal.of("end_time", "'end_time' must be after 'start_time'.");
        }
        Instant earliest = Grain.DAY.floor(now.minus(KEPT));
        if (first.isBefore(earliest)) {
            throw Refusal.tooOld(earliest.atZone(ZoneOffset.UTC).toLocalDate().toString());
        }
        int hash = hash(ask);
        Optional<Cursor> cursor = ask.one(PAGE).map(Cursor::parse);
        if (cursor.isPresent() && cursor.get().query() != hash) {
            throw Refusal.badCursor();
        }
        return new PageQuery(
                width,
                groupBy(ask, dimensions, costs),
                filters(ask, dimensions),
                limit(ask, limits),
                cursor.map(Cursor::next).orElse(first),
                first,
                wanted.isBefore(present) ? wanted : present,
                cursor,
                hash);
    }

    /** The same query one page earlier, but not before its first. */
    PageQuery pageBefore() {
        Instant earlier = width.floor(start).minus(width.width().multipliedBy(limit));
        Instant from = earlier.isBefore(first) ? first : earlier;
        return new PageQuery(width, groupBy, filters, limit, from, first, start, cursor, hash);
    }

    /** The exclusive end of this page. */
    Instant pageEnd() {
        Instant full = width.floor(start).plus(width.width().multipliedBy(limit));
        return full.isBefore(end) ? full : end;
    }

    private static Grain width(Ask ask, boolean costs) {
        String text = ask.one("bucket_width").orElse(Grain.DAY.toString());
        return Grain.of(text)
                .filter(grain -> grain == Grain.DAY || !costs && (grain == Grain.HOUR || grain == Grain.MINUTE))
                .orElseThrow(() -> Refusal.of("bucket_width", "Invalid value: '" + text + "'."));
    }

    private static int limit(Ask ask, Limits limits) {
        Optional<String> text = ask.one("limit");
        if (text.isEmpty()) {
            return limits.standard();
        }
        long limit = number("limit", text.get());
        if (limit < 1 || limit > limits.greatest()) {
            throw Refusal.of("limit", "'limit' must be between 1 and " + limits.greatest() + ".");
        }
        return (int) limit;
    }

    private static Optional<Instant> time(Ask ask, String name) {
        return ask.one(name).map(text -> Instant.ofEpochSecond(number(name, text)));
    }

    private static long number(String name, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Refusal.of(name, "Invalid type for '" + name + "': expected an integer.");
        }
    }

    private static List<String> groupBy(Ask ask, List<String> dimensions, boolean costs) {
        List<String> groupBy = new ArrayList<>();
        for (String dimension : ask.all("group_by")) {
            if (!dimensions.contains(dimension)) {
                throw Refusal.of(
                        "group_by", "Invalid value: '" + dimension + "'. Supported values are: " + dimensions + ".");
            }
            if (!groupBy.contains(dimension)) {
                groupBy.add(dimension);
            }
        }
        if (costs && groupBy.contains("user_id") && groupBy.contains("project_id")) {
            throw Refusal.of(
                    "group_by", "Grouping by 'user_id' and 'project_id' is not supported for this organization.");
        }
        return groupBy;
    }

    private static Map<String, Set<String>> filters(Ask ask, List<String> dimensions) {
        Map<String, Set<String>> filters = new HashMap<>();
        FILTERS.forEach((parameter, dimension) -> {
            List<String> values = ask.all(parameter);
            if (!values.isEmpty()) {
                if (!dimensions.contains(dimension)) {
                    throw Refusal.of(parameter, "Unsupported parameter: '" + parameter + "'.");
                }
                filters.put(dimension, Set.copyOf(values));
            }
        });
        return filters;
    }

    /** Everything but the cursor itself: a cursor is good for one query only. */
    private static int hash(Ask ask) {
        Map<String, List<String>> parameters = new TreeMap<>(ask.query());
        parameters.remove(PAGE);
        return (ask.path() + parameters).hashCode();
    }
}
