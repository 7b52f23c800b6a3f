package io.usagestream.benchmark.connect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** One page a poll, account by account; the offset of an account is where its next window begins. */
public final class LeanTask extends SourceTask {
    private static final long WINDOW = 168 * 3_600L;
    private static final String ROW = "{\"object\":\"organization.";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<Integer, Long> next = new HashMap<>();
    private String url = "";
    private String topic = "";
    private int accounts;
    private long end;
    private int turn;

    @Override
    public void start(Map<String, String> settings) {
        url = Objects.requireNonNull(settings.get("url"));
        topic = Objects.requireNonNull(settings.get("topic"));
        accounts = Integer.parseInt(Objects.requireNonNull(settings.get("accounts")));
        end = Long.parseLong(Objects.requireNonNull(settings.get("end")));
        long start = Long.parseLong(Objects.requireNonNull(settings.get("start")));
        for (int account = 0; account < accounts; account++) {
            Map<String, Object> stored = context.offsetStorageReader().offset(partition(account));
            next.put(account, stored == null ? start : (Long) Objects.requireNonNull(stored.get("next")));
        }
    }

    @Override
    public List<SourceRecord> poll() throws InterruptedException {
        for (int tried = 0; tried < accounts; tried++) {
            int account = turn++ % accounts;
            long from = Objects.requireNonNull(next.get(account));
            if (from < end) {
                long to = Math.min(end, from + WINDOW);
                List<SourceRecord> records = records(page(from, to), account, to);
                next.put(account, to);
                return records;
            }
        }
        Thread.sleep(200);
        return List.of();
    }

    private String page(long from, long to) throws InterruptedException {
        URI uri = URI.create(url + "/organization/usage/completions?bucket_width=1h&limit=168&start_time=" + from
                + "&end_time=" + to);
        try {
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString(ISO_8859_1))
                    .body();
        } catch (IOException e) {
            throw new RetriableException(e);
        }
    }

    /** Rows are flat: each ends at the next brace. */
    private List<SourceRecord> records(String page, int account, long to) {
        Map<String, Object> partition = partition(account);
        Map<String, Object> offset = Map.of("next", to);
        List<SourceRecord> records = new ArrayList<>(1_024);
        for (int at = page.indexOf(ROW); at >= 0; ) {
            int close = page.indexOf('}', at) + 1;
            records.add(new SourceRecord(partition, offset, topic, Schema.STRING_SCHEMA, page.substring(at, close)));
            at = page.indexOf(ROW, close);
        }
        return records;
    }

    private static Map<String, Object> partition(int account) {
        return Map.of("account", account);
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public void stop() {}
}
