package io.usagestream.checkpoint;

import io.usagestream.stream.Grain;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Split;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a split needs to survive a restart, besides its segments and seals.
 *
 * @param fingerprint the settings that make keys, by name
 * @param frontier the exclusive end of the closed event time that has been read to completion; never moves back
 * @param watermark the greatest time below which every bucket was read late enough to be final; never moves back
 * @param floor below it the index holds nothing; never moves back
 * @param closedUntil the first UTC day without a period
 * @param sweptAt when the last complete sweep of the whole lookback began
 * @param granularity what the first complete window pinned, where upstream chooses
 * @param pageSize the largest page that the source ever sent, for offset logs; 0: none yet
 * @param changeAges entry i counts changes seen at ages from 2^(i-1) up to 2^i seconds
 * @param progress the last progress published
 * @param requests requests at work, by id: the exclusive end of what is done
 */
public record SplitCheckpoint(
        Split split,
        SortedMap<String, String> fingerprint,
        Instant start,
        Instant frontier,
        Instant watermark,
        Instant floor,
        LocalDate closedUntil,
        Optional<Instant> sweptAt,
        Optional<Grain> granularity,
        int pageSize,
        List<Long> changeAges,
        Optional<Progress> progress,
        SortedMap<String, Instant> requests) {}
