package io.usagestream.source.scenario;

import io.usagestream.source.SourceSettings;
import io.usagestream.source.StreamSettings;
import io.usagestream.source.http.Query;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Window;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Says a request as a path and query. Both dates are always sent, since what upstream takes for their default is not agreed on;
 * both are inclusive, so a window of whole buckets ends a millisecond before its end.
 */
final class Requests {
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final SourceSettings settings;

    Requests(SourceSettings settings) {
        this.settings = settings;
    }

    /**
     * A window of series. The section {@code usages} is always asked for too: only it says the granularity, which holds for all.
     */
    String series(StreamSettings stream, PageRequest.Buckets request) {
        String type = stream.type().name();
        boolean alone = type.equals(Section.USAGES.stream()) || type.equals(Section.CONSUMPTION.stream());
        Query query = dated(stream, request.window(), request.window().to().minusMillis(1))
                .add("type", alone ? type : type + "," + Section.USAGES.stream());
        if (request.limit() == PageRequest.Buckets.SERIES_WITHOUT_ZEROS) {
            query.add("dropZeroPoints", "true");
        }
        return query.toString();
    }

    /** A page of the log. Its end is asked for as the next slice's start: the caller filters, whatever upstream takes it for. */
    String activity(StreamSettings stream, PageRequest.Log request) {
        return dated(stream, request.window(), request.window().to())
                .add("type", Catalogue.ACTIVITY)
                .add("activityOffset", Long.toString(request.offset()))
                .toString();
    }

    /** What the ids mean that occur in the sections that name the most of them. */
    String entities(StreamSettings stream, PageRequest.Entities request) {
        return dated(stream, request.window(), request.window().to().minusMillis(1))
                .add("type", "activity,consumption,model-usages")
                .add("dropZeroPoints", "true")
                .toString();
    }

    private Query dated(StreamSettings stream, Window window, Instant end) {
        Query query = new Query(path(stream))
                .add("startDate", MILLIS.format(window.from()))
                .add("endDate", MILLIS.format(end));
        if (!settings.projectIds().isEmpty()) {
            query.add("projectIds", String.join(",", settings.projectIds()));
        }
        if (!settings.userIds().isEmpty()) {
            query.add("userIds", String.join(",", settings.userIds()));
        }
        settings.teamId().filter(team -> !team.isEmpty()).ifPresent(team -> query.add("teamId", team));
        return query;
    }

    /** The stream's own path when it has one, else the source's. */
    private String path(StreamSettings stream) {
        String own = stream.type().path();
        return own.equals(Catalogue.PATH) && !settings.path().isEmpty() ? settings.path() : own;
    }
}
