package io.usagestream.source.scenario;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.usagestream.source.Drift;
import io.usagestream.source.UserNames;
import io.usagestream.source.http.ErrorInstead;
import io.usagestream.source.json.Bad;
import io.usagestream.source.json.Json;
import io.usagestream.source.json.Quarantine;
import io.usagestream.source.json.Redaction;
import io.usagestream.source.json.Rows;
import io.usagestream.source.json.Unreadable;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Page;
import io.usagestream.stream.Point;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decodes what each user consumed in a window: one bucket, the window itself. Where users are not to be told apart, they are
 * added up.
 */
final class ConsumptionDecoder {
    private final UserNames users;
    private final Redaction redaction;
    private final Drift drift;

    ConsumptionDecoder(UserNames users, Redaction redaction, Drift drift) {
        this.users = users;
        this.redaction = redaction;
        this.drift = drift;
    }

    private record Row(String user, Measures measures, int index, int from, int to) {}

    /** Decodes a whole body. */
    Page.Buckets decode(byte[] body, Window window, Optional<Instant> date) throws ErrorInstead {
        List<Row> rows = new ArrayList<>();
        List<Quarantined> bad = new ArrayList<>();
        Quarantine quarantine = new Quarantine(body, redaction, users.plain());
        try (JsonParser parser = AnswerSections.parser(body)) {
            Set<String> found = new AnswerSections(Section.CONSUMPTION.stream(), drift)
                    .read(parser, (member, first) -> {
                        if (!member.equals(Section.CONSUMPTION.member())) {
                            return false;
                        }
                        AnswerSections.list(first, member);
                        rows(
                                parser,
                                rows,
                                b -> bad.add(quarantine.of(
                                        b.bad(), "/consumption/" + b.index(), Optional.of(window.from()))));
                        return true;
                    });
            if (!found.contains(Section.CONSUMPTION.member())) {
                throw AnswerSections.missing(Section.CONSUMPTION.member());
            }
        } catch (IOException e) {
            throw AnswerSections.notJson();
        }
        Grain grain = Grain.of(window.length())
                .orElseThrow(() -> new IllegalArgumentException("consumption is read by the day or week: " + window));
        return page(rows, bad, quarantine, window, grain, date);
    }

    private record BadRow(Bad bad, int index) {}

    private interface Aside {
        void take(BadRow row);
    }

    private void rows(JsonParser parser, List<Row> rows, Aside aside) throws IOException {
        Rows guarded = new Rows(parser);
        PointReader reader = new PointReader(parser, Section.CONSUMPTION, drift);
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            int index = i;
            guarded.read(
                            from -> {
                                PointReader.Fields read = reader.read();
                                if (read.name().isEmpty()) {
                                    throw new Unreadable(Reason.MISSING_FIELD, "/userId", "userId is missing or null");
                                }
                                return new Row(read.name().get(), read.measures(), index, from, Json.end(parser));
                            },
                            b -> aside.take(new BadRow(b, index)))
                    .ifPresent(rows::add);
        }
    }

    private Page.Buckets page(
            List<Row> rows,
            List<Quarantined> bad,
            Quarantine quarantine,
            Window window,
            Grain grain,
            Optional<Instant> date) {
        Map<String, Measures> byUser = new LinkedHashMap<>();
        Set<String> ambiguous = new HashSet<>();
        for (Row row : rows) {
            Measures known = byUser.putIfAbsent(row.user(), row.measures());
            if (known != null && !known.equals(row.measures())) {
                ambiguous.add(row.user());
            }
        }
        List<Quarantined> quarantined = new ArrayList<>(bad);
        Set<Integer> counted = new HashSet<>();
        for (Row row : rows) {
            if (ambiguous.contains(row.user()) && counted.add(row.index())) {
                String detail = "two rows of one user with different numbers";
                quarantined.add(quarantine.of(
                        Reason.DUPLICATE_KEY,
                        detail,
                        "/consumption/" + row.index(),
                        row.from(),
                        row.to(),
                        Optional.of(window.from())));
            }
        }
        ambiguous.forEach(byUser::remove);
        List<Point> points = new ArrayList<>();
        if (users.dropped()) {
            sum(byUser).ifPresent(sum -> points.add(new Point(window.from(), grain, ByName.empty(), sum)));
        } else {
            byUser.forEach((user, measures) -> points.add(new Point(window.from(), grain, dimension(user), measures)));
        }
        Bucket bucket = new Bucket(window.from(), window.to(), points, quarantined);
        return new Page.Buckets(date, grain, List.of(bucket), List.of(), false, Optional.empty(), false);
    }

    private ByName<Optional<String>> dimension(String user) {
        return ByName.of(Section.CONSUMPTION.dimension(), users.say(user));
    }

    private static Optional<Measures> sum(Map<String, Measures> byUser) {
        return byUser.values().stream().reduce((a, b) -> {
            Measures.Builder sum = new Measures.Builder();
            a.forEach(sum::put);
            b.forEach((name, m) -> sum.put(name, a.containsKey(name) ? sum(a.get(name), m) : m));
            return sum.build();
        });
    }

    private static Measure sum(Measure a, Measure b) {
        BigDecimal sum = a.value().add(b.value());
        if (!Measure.fits(sum)) {
            throw AnswerSections.malformed(
                    Reason.OVERFLOW,
                    "the sum over users has more than " + Measure.INTEGER_DIGITS + " digits before the point");
        }
        return Measure.of(sum, a.unit());
    }
}
