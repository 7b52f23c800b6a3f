package io.usagestream.query;

import io.usagestream.envelope.CloudEvents;
import io.usagestream.stream.Digest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Finds the record of each key that holds: the one with the highest revision, wherever it lies.
 *
 * <p>A first pass over a topic shows it keys and headers alone; a second one then decodes only what holds. So it needs 32 bytes a
 * slot of an open-addressing table, whatever the records carry: a million keys take 64 MiB, and nothing of their values.
 */
final class LatestRevisions {
    /** Keys beyond that many are refused: the table would take 512 MiB. */
    static final int MAX_KEYS = 9_000_000;

    private static final double LOAD = 0.6;
    private static final int FREE = 0;

    private long[] high;
    private long[] low;
    private long[] offset;
    private int[] partition;
    /** 0 where the slot is free: revisions begin at 1. */
    private int[] revision;

    private int size;

    LatestRevisions() {
        int slots = 1 << 14;
        high = new long[slots];
        low = new long[slots];
        offset = new long[slots];
        partition = new int[slots];
        revision = new int[slots];
    }

    /** Where the records that hold lie. */
    static final class Places {
        private final Map<Integer, long[]> byPartition = new HashMap<>();
        private final Map<Integer, Integer> next = new HashMap<>();

        /** Whether the record holds; to be asked in the order of offsets within a partition. */
        boolean next(ConsumerRecord<byte[], byte[]> record) {
            long[] offsets = byPartition.get(record.partition());
            if (offsets == null) {
                return false;
            }
            int at = next.getOrDefault(record.partition(), 0);
            while (at < offsets.length && offsets[at] < record.offset()) { // deleted since the first pass
                at++;
            }
            boolean found = at < offsets.length && offsets[at] == record.offset();
            next.put(record.partition(), found ? at + 1 : at);
            return found;
        }
    }

    /**
     * Takes a record into account.
     *
     * @throws TooMuchException for more keys than fit
     */
    void add(ConsumerRecord<byte[], byte[]> record) {
        int found = CloudEvents.revision(record.headers());
        Digest key = Digest.of(record.key());
        int slot = slot(high, low, revision, key);
        if (revision[slot] == FREE) {
            if (size >= MAX_KEYS) {
                throw new TooMuchException("more than " + MAX_KEYS + " rows: ask for a shorter range");
            }
            size++;
        } else if (found < revision[slot]) {
            return;
        }
        high[slot] = key.high();
        low[slot] = key.low();
        revision[slot] = found;
        partition[slot] = record.partition();
        offset[slot] = record.offset();
        if (size > LOAD * revision.length) {
            grow();
        }
    }

    /** Number of keys. */
    int size() {
        return size;
    }

    /** Where the records that hold lie. The table is spent afterwards. */
    Places places() {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int slot = 0; slot < revision.length; slot++) {
            if (revision[slot] != FREE) {
                counts.merge(partition[slot], 1, Integer::sum);
            }
        }
        Places places = new Places();
        counts.forEach((p, count) -> places.byPartition.put(p, new long[count]));
        Map<Integer, Integer> filled = new HashMap<>();
        for (int slot = 0; slot < revision.length; slot++) {
            if (revision[slot] != FREE) {
                long[] offsets = places.byPartition.getOrDefault(partition[slot], new long[0]);
                offsets[filled.merge(partition[slot], 1, Integer::sum) - 1] = offset[slot];
            }
        }
        places.byPartition.values().forEach(Arrays::sort);
        allocate(1);
        return places;
    }

    private static int slot(long[] high, long[] low, int[] revision, Digest key) {
        int mask = revision.length - 1;
        int slot = (int) key.low() & mask;
        while (revision[slot] != FREE && (high[slot] != key.high() || low[slot] != key.low())) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldHigh = high;
        long[] oldLow = low;
        long[] oldOffset = offset;
        int[] oldPartition = partition;
        int[] oldRevision = revision;
        allocate(2 * revision.length);
        for (int i = 0; i < oldRevision.length; i++) {
            if (oldRevision[i] != FREE) {
                int slot = slot(high, low, revision, new Digest(oldHigh[i], oldLow[i]));
                high[slot] = oldHigh[i];
                low[slot] = oldLow[i];
                offset[slot] = oldOffset[i];
                partition[slot] = oldPartition[i];
                revision[slot] = oldRevision[i];
            }
        }
    }

    private void allocate(int slots) {
        high = new long[slots];
        low = new long[slots];
        offset = new long[slots];
        partition = new int[slots];
        revision = new int[slots];
    }
}
