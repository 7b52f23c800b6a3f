package io.usagestream.hostile;

import static io.usagestream.hostile.Row.quarantine;
import static io.usagestream.hostile.Row.refused;
import static io.usagestream.hostile.Row.rows;
import static io.usagestream.hostile.Row.setAside;

import io.usagestream.stream.Reason;
import java.util.List;

/** Rows 38 to 47: numbers, money, keys. */
final class ValueRows {
    private static final String FAILED = "window failed, nothing published";

    private ValueRows() {}

    static List<Row> all() {
        return List.of(
                setAside("38", "null", Reason.MISSING_FIELD, "\"input_tokens\":null"),
                setAside("38", "missing", Reason.MISSING_FIELD, "\"input_cached_tokens\":1"),
                setAside("40", "text", Reason.BAD_NUMBER, "\"input_tokens\":\"12\""),
                setAside("41", "huge-exponent", Reason.BAD_NUMBER, "\"input_tokens\":1e1000000000"),
                setAside("41", "1e400", Reason.BAD_NUMBER, "\"input_tokens\":1e400"),
                refused(
                        "41",
                        "nan",
                        Reason.MALFORMED_JSON,
                        FAILED,
                        (asked, reply) -> reply.json(
                                Page.beside(asked, "\"input_tokens\":NaN").replace(":777", ":666"))),
                setAside("42", "negative", Reason.NEGATIVE_COUNT, "\"input_tokens\":-1"),
                setAside("43", "beyond-long", Reason.OVERFLOW, "\"input_tokens\":9223372036854775808"),
                setAside("44", "half-a-token", Reason.NOT_INTEGRAL, "\"input_tokens\":10.5"),
                money(
                        "45",
                        "fine",
                        rows("revised"),
                        "rounded half-even, exact text kept",
                        "{\"value\":\"0.0036275000000000000001\",\"currency\":\"usd\"}"),
                money(
                        "46",
                        "no-currency",
                        quarantine(Reason.BAD_CURRENCY),
                        "row quarantined, never taken for usd",
                        "{\"value\":666,\"currency\":\"dollars\"}"),
                new Row(
                        "47",
                        "twins-differ",
                        "completions",
                        quarantine(Reason.DUPLICATE_KEY),
                        "both quarantined, the others published",
                        true,
                        "",
                        (asked, reply) -> reply.json(Page.page(
                                asked.hours(),
                                hour -> Page.row(asked, "twin", "\"input_tokens\":" + Page.NEVER) + ","
                                        + Page.row(asked, "twin", "\"input_tokens\":" + (Page.NEVER + 1)) + ","
                                        + Page.row(asked, "\"input_tokens\":" + Page.KEPT),
                                false,
                                "null"))));
    }

    private static Row money(String row, String name, Row.Sign sign, String done, String amount) {
        return new Row(
                row, name, "costs", sign, done, true, "", (asked, reply) -> reply.json(Page.costs(asked, amount)));
    }
}
