package io.usagestream.ingest;

import io.usagestream.plan.Gate;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.SplitState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/**
 * How a split is doing.
 *
 * @param frontier empty when its state was lost
 * @param watermark empty when its state was lost
 * @param hotReadAt when the last complete read of the hot end began: the lag is its age
 * @param lastSuccessAt when the last complete read began
 * @param waiting why and until when its source waits
 * @param indexEntries keys on the heap
 * @param indexBytes heap that they occupy
 * @param skew upstream's clock less ours
 * @param unknown what this stream's upstream showed that nobody knew of, by name, with how often
 */
public record SplitStatus(
        Split split,
        int lane,
        SplitState state,
        Optional<Reason> reason,
        String message,
        Optional<Instant> frontier,
        Optional<Instant> watermark,
        Optional<Instant> hotReadAt,
        Optional<Instant> lastSuccessAt,
        Optional<Instant> sweptAt,
        Duration lookback,
        Optional<Duration> observedLookback,
        Optional<Gate.Wait> waiting,
        long indexEntries,
        long indexBytes,
        Duration skew,
        SortedMap<String, Long> unknown) {}
