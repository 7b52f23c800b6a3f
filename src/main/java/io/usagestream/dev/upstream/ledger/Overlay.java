package io.usagestream.dev.upstream.ledger;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Changes that somebody made on purpose, on top of what the ledger computes: a test's late row, a row that vanishes. */
final class Overlay {
    private record Entry<T>(int account, T what) {}

    private record Struck(int account, long id) {}

    private final List<Entry<Usage>> usage = new CopyOnWriteArrayList<>();
    private final List<Entry<StudioEvent>> events = new CopyOnWriteArrayList<>();
    private final Set<Struck> struck = ConcurrentHashMap.newKeySet();

    void add(int account, Usage piece) {
        usage.add(new Entry<>(account, piece));
    }

    void add(int account, StudioEvent event) {
        events.add(new Entry<>(account, event));
    }

    void strike(int account, long id) {
        usage.removeIf(entry -> entry.account() == account && entry.what().id() == id);
        events.removeIf(entry -> entry.account() == account && entry.what().id() == id);
        struck.add(new Struck(account, id));
    }

    boolean keeps(int account, long id) {
        return struck.isEmpty() || !struck.contains(new Struck(account, id));
    }

    /** The added usage of {@code [from, to)} (epoch seconds). */
    List<Usage> usage(int account, Meter meter, long from, long to) {
        return usage.stream()
                .filter(entry -> entry.account() == account)
                .map(Entry::what)
                .filter(piece -> piece.meter() == meter && piece.second() >= from && piece.second() < to)
                .toList();
    }

    /** The added events of {@code [from, to]} (epoch milliseconds). */
    List<StudioEvent> events(int account, long from, long to) {
        return events.stream()
                .filter(entry -> entry.account() == account)
                .map(Entry::what)
                .filter(event ->
                        event.time().toEpochMilli() >= from && event.time().toEpochMilli() <= to)
                .toList();
    }
}
