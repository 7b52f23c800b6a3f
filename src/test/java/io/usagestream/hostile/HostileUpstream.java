package io.usagestream.hostile;

import io.usagestream.source.http.RawServer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All the upstreams of a run behind one address: sound until they turn hostile, each in its own way. */
final class HostileUpstream implements AutoCloseable {
    /** When a source asked, and how. */
    record Request(long nanos, String uri, String authorization) {}

    private final Map<String, Row> rows;
    private final Map<String, List<Request>> requests = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> times = new ConcurrentHashMap<>();
    private final RawServer server;
    private volatile boolean hostile;
    private volatile Set<String> accepted =
            Set.of("Bearer " + Canaries.of(CalmAndKeys.KEYS).key());

    HostileUpstream(List<Row> rows) {
        this.rows = rows.stream().collect(Collectors.toMap(Row::source, Function.identity()));
        this.server = new RawServer((head, socket, out) -> {
            String uri = head.substring(head.indexOf(' ') + 1, head.indexOf(" HTTP/"));
            String source = uri.substring(1, uri.indexOf('/', 1));
            boolean turned = hostile;
            if (turned || source.equals(CalmAndKeys.KEYS)) {
                requests.computeIfAbsent(source, s -> new CopyOnWriteArrayList<>())
                        .add(new Request(System.nanoTime(), uri, authorization(head)));
            }
            int nth = turned
                    ? times.computeIfAbsent(source, s -> new AtomicInteger()).incrementAndGet()
                    : 0;
            Asked asked = Asked.of(source, nth, uri, Canaries.of(source));
            Reply reply = new Reply(asked, socket, out);
            Row row = this.rows.get(source);
            if (source.equals(CalmAndKeys.KEYS) && !accepted.contains(authorization(head))) {
                reply.status(401, Page.error(asked, "invalid_api_key", authorization(head)));
            } else if (row == null || !turned) {
                sound(row, asked, reply);
            } else {
                row.script().to(asked, reply);
            }
        });
    }

    private static void sound(@Nullable Row row, Asked asked, Reply reply) throws Exception {
        if (row != null && row.scenario()) {
            reply.json(ScenarioRows.good(asked, 5));
        } else if (row != null && row.stream().equals("costs")) {
            reply.json(Page.costs(asked, "{\"value\":1,\"currency\":\"usd\"}"));
        } else if (row != null && row.name().equals(PageRows.RESTATED)) {
            reply.json(Page.many(asked, 5));
        } else if (!asked.path().endsWith("/completions")) {
            reply.json(Page.page(asked.hours(), hour -> "", false, "null"));
        } else {
            reply.json(Page.good(asked, 5));
        }
    }

    private static String authorization(String head) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("authorization:"))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse("");
    }

    String base(Row row) {
        return row.base().isEmpty() ? base(row.source()) : row.base();
    }

    String base(String source) {
        return "http://127.0.0.1:" + server.port() + "/" + source + "/v1";
    }

    /** From now on only those keys are good for the source whose keys change. */
    void accept(String... keys) {
        accepted = Stream.of(keys).map(key -> "Bearer " + key).collect(Collectors.toSet());
    }

    void turnHostile() {
        hostile = true;
    }

    /** What a source asked since upstream turned hostile. */
    List<Request> requests(String source) {
        return requests.getOrDefault(source, List.of());
    }

    @Override
    public void close() {
        server.close();
    }
}
