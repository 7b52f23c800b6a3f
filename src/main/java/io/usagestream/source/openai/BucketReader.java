package io.usagestream.source.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.usagestream.source.Clocks;
import io.usagestream.source.json.Bad;
import io.usagestream.source.json.Json;
import io.usagestream.source.json.Names;
import io.usagestream.source.json.Numbers;
import io.usagestream.source.json.Quarantine;
import io.usagestream.source.json.Rows;
import io.usagestream.source.json.Unreadable;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Point;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one bucket: its time, checked against what was asked for, and its results. */
final class BucketReader {
    private static final long LATEST_SECOND = 100_000_000_000L;

    private final JsonParser parser;
    private final byte[] body;
    private final Rows rows;
    private final ResultReader results;
    private final Quarantine quarantine;
    private final Window window;
    private final Grain width;
    private final Clocks clocks;
    private final Names names = new Names();

    BucketReader(
            JsonParser parser,
            byte[] body,
            ResultReader results,
            Quarantine quarantine,
            Window window,
            Grain width,
            Clocks clocks) {
        this.parser = parser;
        this.body = body;
        this.rows = new Rows(parser);
        this.results = results;
        this.quarantine = quarantine;
        this.window = window;
        this.width = width;
        this.clocks = clocks;
    }

    private record BadResult(int index, Bad bad) {}

    /** Reads the bucket that the parser stands at. */
    Bucket read(String pointer) throws IOException, Unreadable {
        rows.object("a bucket");
        names.clear();
        Optional<Instant> start = Optional.empty();
        Optional<Instant> end = Optional.empty();
        boolean found = false;
        List<Result> good = new ArrayList<>();
        List<BadResult> bad = new ArrayList<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            names.add(name);
            parser.nextToken();
            switch (name) {
                case "start_time" -> start = Optional.of(time(name));
                case "end_time" -> end = Optional.of(time(name));
                // the array was called "result" in every description up to 2025-04
                case "results", "result" -> {
                    if (found) {
                        throw new Unreadable(Reason.DUPLICATE_KEY, "a bucket has its results twice");
                    }
                    found = true;
                    results(good, bad);
                }
                default -> parser.skipChildren();
            }
        }
        if (start.isEmpty() || end.isEmpty()) {
            throw new Unreadable(Reason.MISSING_FIELD, "a bucket without start_time or end_time");
        }
        if (!found) {
            throw new Unreadable(Reason.MISSING_FIELD, "/results", "a bucket without results");
        }
        check(start.get(), end.get());
        return bucket(pointer + "/results/", start.get(), end.get(), good, bad);
    }

    private Instant time(String name) throws IOException, Unreadable {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            throw new Unreadable(Reason.MISSING_FIELD, "/" + name, name + " is null");
        }
        if (token.isStructStart() || !token.isNumeric()) {
            throw new Unreadable(Reason.TIME_OUT_OF_RANGE, "/" + name, name + " is not in seconds");
        }
        BigDecimal seconds = Numbers.number(parser, name);
        if (seconds.signum() <= 0 || seconds.compareTo(BigDecimal.valueOf(LATEST_SECOND)) >= 0) {
            throw new Unreadable(Reason.TIME_OUT_OF_RANGE, "/" + name, name + " is not a plausible time in seconds");
        }
        return Instant.ofEpochSecond(Numbers.count(seconds, name).longValue());
    }

    /** The time of seconds as they are written, if they are plausible. */
    static Optional<Instant> seconds(String text) {
        try {
            return Optional.of(Long.parseLong(text))
                    .filter(seconds -> seconds > 0 && seconds < LATEST_SECOND)
                    .map(Instant::ofEpochSecond);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private void results(List<Result> good, List<BadResult> bad) throws IOException, Unreadable {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new Unreadable(Reason.MISSING_FIELD, "/results", "results are not a list");
        }
        int index = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int at = index++;
            rows.read(from -> results.read(at, from), b -> bad.add(new BadResult(at, b)))
                    .ifPresent(good::add);
        }
    }

    /** Under a wrong grain or beside the window nothing is published. */
    private void check(Instant start, Instant end) throws Unreadable {
        if (clocks.isFuture(start)) {
            throw new Unreadable(Reason.TIME_OUT_OF_RANGE, "/start_time", "a bucket of the future");
        }
        if (!window.contains(start) || end.isAfter(window.to())) {
            throw new Unreadable(Reason.BUCKET_OUT_OF_WINDOW, "/start_time", "a bucket outside the window asked for");
        }
        Instant whole = start.plus(width.width());
        boolean open = end.isAfter(start)
                && end.isBefore(whole)
                && !end.isBefore(clocks.upstream().minus(Clocks.SKEW));
        if (!width.aligned(start) || !end.equals(whole) && !open) {
            throw new Unreadable(Reason.BUCKET_MISALIGNED, "/start_time", "a bucket that is not on the grid asked for");
        }
    }

    private Bucket bucket(String pointer, Instant start, Instant end, List<Result> good, List<BadResult> bad)
            throws IOException {
        List<Quarantined> quarantined = new ArrayList<>();
        for (BadResult row : bad) {
            quarantined.add(quarantine.of(row.bad(), pointer + row.index(), Optional.of(start)));
        }
        List<Point> points = new ArrayList<>(good.size());
        good.forEach(result -> result.group().begin());
        good.forEach(result -> result.group().take(result));
        for (Result result : good) {
            if (result.group().isAmbiguous()) {
                quarantined.add(quarantine.of(
                        Reason.DUPLICATE_KEY,
                        "two results of one bucket with the same dimensions and different numbers",
                        pointer + result.index(),
                        result.from(),
                        end(result.from()),
                        Optional.of(start)));
            } else if (result.group().isFirst(result)) {
                points.add(new Point(start, width, result.group().dimensions(), result.measures()));
            }
        }
        return new Bucket(start, end, points, quarantined);
    }

    /** Where the value ends that begins there. */
    private int end(int from) throws IOException {
        try (JsonParser again = Json.parser(body, from, body.length - from)) {
            again.nextToken();
            again.skipChildren();
            return from + Json.end(again);
        }
    }
}
