package io.usagestream.hostile;

import static io.usagestream.hostile.Row.metric;
import static io.usagestream.hostile.Row.quarantine;
import static io.usagestream.hostile.Row.refused;
import static io.usagestream.hostile.Row.rows;
import static io.usagestream.hostile.Row.state;
import static io.usagestream.hostile.Row.window;

import io.usagestream.hostile.Reply.Script;
import io.usagestream.hostile.Row.Sign;
import io.usagestream.stream.Reason;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Rows 20 to 37 and 48: pages, cursors, buckets, revisions, drift. */
final class PageRows {
    /** A source whose closed days change in bulk; they are read again by a backfill. */
    static final String RESTATED = "restated";

    private static final String FAILED = "window failed, nothing published";

    private PageRows() {}

    static List<Row> all() {
        List<Row> rows = new ArrayList<>();
        cursors(rows);
        buckets(rows);
        revisions(rows);
        return rows;
    }

    private static Row never(String row, String name, Sign sign, Script script) {
        return new Row(row, name, "completions", sign, FAILED, false, "", script);
    }

    private static Row kept(String row, String name, Sign sign, String done, Script script) {
        return new Row(row, name, "completions", sign, done, true, "", script);
    }

    private static Function<Long, String> one(Asked asked, long tokens) {
        return hour -> Page.row(asked, "\"input_tokens\":" + tokens);
    }

    private static String first(Asked asked, long tokens, String cursor) {
        return Page.page(asked.hours().subList(0, 1), one(asked, tokens), true, cursor);
    }

    private static void cursors(List<Row> rows) {
        rows.add(kept("20", "page-twice", rows("revised"), "bucket counted once", (asked, reply) -> {
            if (asked.hours().size() < 2
                    || asked.withCursor() && asked.parameter("page").equals("b")) {
                reply.json(Page.good(asked, Page.KEPT));
            } else {
                reply.json(first(asked, Page.KEPT, asked.withCursor() ? "\"b\"" : "\"a\""));
            }
        }));
        rows.add(never(
                "20",
                "pages-differ",
                window(Reason.INCONSISTENT_PAGES),
                (asked, reply) -> reply.json(
                        asked.withCursor() ? Page.good(asked, Page.NEVER) : first(asked, Page.NEVER - 1, "\"a\""))));
        rows.add(never(
                "21",
                "cursor-loop",
                window(Reason.CURSOR_LOOP),
                (asked, reply) -> reply.json(
                        first(asked, Page.NEVER, "\"" + asked.canaries().key() + "\""))));
        rows.add(never(
                "22",
                "no-cursor",
                window(Reason.CURSOR_MISSING),
                (asked, reply) -> reply.json(first(asked, Page.NEVER, "null"))));
        rows.add(kept(
                "22", "no-cursor-at-end", rows("revised"), "the window's end is there: complete", (asked, reply) -> {
                    List<Long> hours = asked.hours();
                    reply.json(Page.page(hours, one(asked, Page.KEPT), true, "\"\""));
                }));
        rows.add(kept(
                "23",
                "cursor-extra",
                metric("unknown_fields"),
                "has_more trusted, counted",
                (asked, reply) -> reply.json(Page.page(
                        asked.hours(),
                        one(asked, Page.KEPT),
                        false,
                        "\"" + asked.canaries().key() + "\""))));
        rows.add(refused(
                "24",
                "more-missing",
                Reason.MALFORMED_PAGE,
                FAILED,
                (asked, reply) -> reply.json(Page.good(asked, Page.NEVER).replace("\"has_more\":false,", ""))));
        rows.add(refused(
                "24",
                "more-text",
                Reason.MALFORMED_PAGE,
                FAILED,
                (asked, reply) -> reply.json(Page.good(asked, Page.NEVER).replace(":false,", ":\"no\","))));
        rows.add(never(
                "25",
                "empty-pages",
                window(Reason.EMPTY_PAGE_LIMIT),
                (asked, reply) -> reply.json(Page.closed(List.of(), true, "\"c" + asked.times() + "\""))));
        rows.add(never(
                "26",
                "many-pages",
                window(Reason.PAGE_LIMIT),
                (asked, reply) -> reply.json(first(asked, Page.NEVER, "\"c" + asked.times() + "\""))));
    }

    private static void buckets(List<Row> rows) {
        rows.add(odd("27", "outside", Reason.BUCKET_OUT_OF_WINDOW, (start, end) ->
                new long[] {start - 30 * 86_400, start - 30 * 86_400 + Page.HOUR}));
        rows.add(
                odd("27", "misaligned", Reason.BUCKET_MISALIGNED, (start, end) -> new long[] {start + 60, start + 90}));
        rows.add(odd("27", "backwards", Reason.BUCKET_MISALIGNED, (start, end) -> new long[] {start, start - 60}));
        rows.add(
                odd("30", "millis", Reason.TIME_OUT_OF_RANGE, (start, end) -> new long[] {start * 1_000, end * 1_000}));
        rows.add(odd("30", "zero", Reason.TIME_OUT_OF_RANGE, (start, end) -> new long[] {0, Page.HOUR}));
        rows.add(odd("30", "future", Reason.TIME_OUT_OF_RANGE, (start, end) ->
                new long[] {start + 365 * 86_400, start + 365 * 86_400 + Page.HOUR}));
        rows.add(kept("28", "gap", metric("gaps_total"), "unknown, not zero: nothing retracted", (asked, reply) -> {
            List<Long> hours = new ArrayList<>(asked.hours());
            if (hours.size() > 2) {
                hours.remove(1);
            }
            reply.json(Page.page(hours, one(asked, Page.KEPT), false, "null"));
        }));
        rows.add(kept(
                "29",
                "skew",
                metric("clock_skew_seconds"),
                "the earlier clock counts, warned",
                (asked, reply) -> reply.json(
                        Page.good(asked, Page.KEPT),
                        "Date: "
                                + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                        Instant.now().plusSeconds(600).atOffset(ZoneOffset.UTC)))));
        rows.add(kept("31", "disorder", rows("revised"), "sorted by start", (asked, reply) -> {
            List<Long> hours = new ArrayList<>(asked.hours());
            Collections.reverse(hours);
            reply.json(Page.page(hours, one(asked, Page.KEPT), false, "null"));
        }));
    }

    private interface Times {
        long[] of(long start, long end);
    }

    /** One bucket more than there should be, with odd times. */
    private static Row odd(String row, String name, Reason reason, Times times) {
        return kept(row, name, quarantine(reason), "bucket quarantined, the others published", (asked, reply) -> {
            long[] odd = times.of(asked.start(), asked.start() + Page.HOUR);
            List<String> buckets = new ArrayList<>();
            asked.hours()
                    .forEach(hour -> buckets.add(Page.bucket(
                            hour, hour + Page.HOUR, one(asked, Page.KEPT).apply(hour))));
            buckets.add(Page.bucket(odd[0], odd[1], Page.row(asked, "\"input_tokens\":" + Page.NEVER)));
            reply.json(Page.closed(buckets, false, "null"));
        });
    }

    private static void revisions(List<Row> rows) {
        rows.add(kept(
                "32",
                "growing",
                rows("revised"),
                "the next revision, with deltas",
                (asked, reply) -> reply.json(Page.good(asked, Page.KEPT))));
        rows.add(kept(
                "33",
                RESTATED,
                metric("restatements_total"),
                "published as restated",
                (asked, reply) -> reply.json(Page.many(asked, Page.KEPT))));
        rows.add(new Row(
                "35",
                "vanishing",
                "completions",
                rows("retracted"),
                "seen gone twice, then retracted",
                false,
                "",
                (asked, reply) -> reply.json(Page.page(
                        asked.hours(), hour -> Page.row(asked, "gpt-6", "\"input_tokens\":6"), false, "null"))));
        rows.add(kept(
                "36",
                "unknown-model",
                rows("new"),
                "passed through as text",
                (asked, reply) -> reply.json(Page.page(
                        asked.hours(),
                        hour -> Page.row(asked, "model nobody knows", "\"input_tokens\":" + Page.KEPT),
                        false,
                        "null"))));
        rows.add(kept(
                "36",
                "unknown-object",
                quarantine(Reason.UNKNOWN_OBJECT),
                "row quarantined, its neighbours published",
                (asked, reply) -> reply.json(Page.page(
                        asked.hours(),
                        hour -> Page.row(asked, "\"input_tokens\":" + Page.KEPT) + ","
                                + Page.row(asked, "odd", "\"input_tokens\":" + Page.NEVER)
                                        .replace("usage.completions", "usage.dreams"),
                        false,
                        "null"))));
        rows.add(kept(
                "37",
                "new-field",
                metric("unknown_fields"),
                "counted, named once, published",
                (asked, reply) -> reply.json(Page.page(
                        asked.hours(),
                        hour -> Page.row(
                                asked,
                                "\"input_tokens\":" + Page.KEPT + ",\"mood\":\"good\","
                                        + asked.canaries().noise()),
                        false,
                        "null"))));
        rows.add(kept(
                "48",
                "no-grouping",
                state("degraded"),
                "published, source degraded",
                (asked, reply) -> reply.json(
                        Page.good(asked, Page.KEPT).replace("\"project_id\":\"p\"", "\"project_id\":null"))));
    }
}
