package io.usagestream.dev.upstream.openai;

import io.usagestream.dev.upstream.fault.Afflictions;
import io.usagestream.dev.upstream.fault.Fault;
import io.usagestream.dev.upstream.http.Answer;
import io.usagestream.dev.upstream.http.Ask;
import io.usagestream.dev.upstream.http.Json;
import io.usagestream.dev.upstream.ledger.CostQuery;
import io.usagestream.dev.upstream.ledger.Ledger;
import io.usagestream.dev.upstream.ledger.Meter;
import io.usagestream.dev.upstream.ledger.UsageQuery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * OpenAI's usage and costs endpoints: {@code /v1/organization/usage/…} and {@code /v1/organization/costs}.
 *
 * <p>The admin key of account n is {@code sk-admin-sim-<n>}; {@code sk-proj-…} and {@code sk-svcacct-…} are keys without the scope.
 */
public final class OpenAiApi {
    static final String COSTS_OBJECT = "organization.costs.result";

    private static final String USAGE = "/v1/organization/usage/";
    private static final String COSTS = "/v1/organization/costs";
    private static final String KEY = "sk-admin-sim-";
    private static final List<String> COST_DIMENSIONS = Stream.concat(
                    CostQuery.DIMENSIONS.stream(), CostQuery.MORE_DIMENSIONS.stream())
            .toList();

    private final Ledger ledger;
    private final Money money;

    public OpenAiApi(Ledger ledger, Money money) {
        this.ledger = ledger;
        this.money = money;
    }

    /** The admin key of an account. */
    public static String adminKey(int account) {
        return KEY + account;
    }

    public static boolean owns(String path) {
        return path.startsWith("/v1/organization/");
    }

    public Answer answer(Ask ask, Afflictions afflictions) {
        try {
            int account = account(ask.authorization());
            if (ask.path().equals(COSTS)) {
                return costs(account, ask, afflictions);
            }
            Meter meter = Optional.of(ask.path())
                    .filter(path -> path.startsWith(USAGE))
                    .flatMap(path -> Meter.of(path.substring(USAGE.length())))
                    .orElseThrow(() -> Refusal.noSuchPath(ask.path()));
            return usage(account, meter, ask, afflictions);
        } catch (Refusal refusal) {
            return refusal.answer();
        }
    }

    private Answer usage(int account, Meter meter, Ask ask, Afflictions afflictions) {
        Instant now = ledger.now();
        PageQuery query = page(ask, meter.allDimensions(), false, now, afflictions);
        var buckets = ledger.usage(new UsageQuery(
                account, meter, query.width(), query.groupBy(), query.filters(), query.start(), query.pageEnd()));
        return Answer.json(200, Json.bytes(out -> {
            PageWriter page = new PageWriter(out, afflictions, money);
            page.start();
            for (var bucket : buckets) {
                page.usage(meter, query.groupBy(), bucket);
            }
            end(page, query, now, afflictions);
        }));
    }

    private Answer costs(int account, Ask ask, Afflictions afflictions) {
        Instant now = ledger.now();
        PageQuery query = page(ask, COST_DIMENSIONS, true, now, afflictions);
        var buckets =
                ledger.costs(new CostQuery(account, query.groupBy(), query.filters(), query.start(), query.pageEnd()));
        return Answer.json(200, Json.bytes(out -> {
            PageWriter page = new PageWriter(out, afflictions, money);
            page.start();
            for (var bucket : buckets) {
                page.costs(query.groupBy(), bucket);
            }
            end(page, query, now, afflictions);
        }));
    }

    private static PageQuery page(
            Ask ask, List<String> dimensions, boolean costs, Instant now, Afflictions afflictions) {
        PageQuery query = PageQuery.of(ask, dimensions, costs, now);
        if (query.cursor().isEmpty()) {
            return query;
        }
        if (afflictions.has(Fault.CURSOR_REFUSED)) {
            throw Refusal.badCursor();
        }
        return afflictions.has(Fault.DUPLICATED_PAGE) ? query.pageBefore() : query;
    }

    private static void end(PageWriter page, PageQuery query, Instant now, Afflictions afflictions)
            throws java.io.IOException {
        boolean again = query.cursor()
                .filter(cursor -> !cursor.next().equals(query.start()))
                .isPresent();
        boolean more = again || query.pageEnd().isBefore(query.end());
        // issued a second later, a cursor to the same place is another cursor
        Instant issued = again ? now.plusSeconds(1) : now;
        Optional<String> next =
                more ? Optional.of(new Cursor(issued, query.hash(), query.pageEnd()).text()) : Optional.empty();
        if (more && afflictions.has(Fault.CURSOR_LOOP) && query.cursor().isPresent()) {
            next = query.cursor().map(Cursor::text);
        } else if (more && afflictions.has(Fault.CURSOR_MISSING)) {
            next = Optional.empty();
        }
        page.end(next, more);
    }

    private int account(Optional<String> authorization) {
        String key = authorization
                .filter(header -> header.regionMatches(true, 0, "Bearer ", 0, 7))
                .map(header -> header.substring(7).strip())
                .orElseThrow(Refusal::badKey);
        if (key.startsWith("sk-proj-") || key.startsWith("sk-svcacct-")) {
            throw Refusal.missingScope();
        }
        try {
            int account = key.startsWith(KEY) ? Integer.parseInt(key.substring(KEY.length())) : 0;
            if (account >= 1 && account <= ledger.settings().accounts()) {
                return account;
            }
        } catch (NumberFormatException e) {
            throw Refusal.badKey();
        }
        throw Refusal.badKey();
    }
}
