package io.usagestream.hostile;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One request as a hostile upstream sees it.
 *
 * @param times the how-manieth it is since upstream turned hostile, from 1
 * @param canaries what to say wherever there is room for text
 */
record Asked(String source, int times, String path, Map<String, String> query, Canaries canaries) {
    static Asked of(String source, int times, String uri, Canaries canaries) {
        int mark = uri.indexOf('?');
        Map<String, String> query = new HashMap<>();
        if (mark >= 0) {
            for (String pair : uri.substring(mark + 1).split("&")) {
                int equals = pair.indexOf('=');
                query.put(pair.substring(0, equals), decode(pair.substring(equals + 1)));
            }
        }
        return new Asked(source, times, mark < 0 ? uri : uri.substring(0, mark), query, canaries);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    String parameter(String name) {
        return Optional.ofNullable(query.get(name)).orElse("");
    }

    boolean withCursor() {
        return query.containsKey("page");
    }

    long start() {
        return Long.parseLong(parameter("start_time"));
    }

    long end() {
        return Long.parseLong(parameter("end_time"));
    }

    /** The starts of the whole hours asked for, in seconds, up to the hour that holds now. */
    List<Long> hours() {
        long now = Instant.now().truncatedTo(ChronoUnit.HOURS).getEpochSecond();
        return Stream.iterate(start(), hour -> hour < end() && hour <= now, hour -> hour + Page.HOUR)
                .toList();
    }
}
