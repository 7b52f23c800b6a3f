package io.usagestream.source;

import io.usagestream.stream.Grain;
import io.usagestream.stream.Split;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * How one split is to be read, all defaults filled in.
 *
 * @param split whose stream
 * @param type what the provider says of it; its {@code path} is the configured one when one is configured
 * @param width the bucket width to ask for; for series the window's length says it
 * @param window the length of one request: series 1 d or 7 d; buckets what one page holds; the log at most this at once
 * @param groupBy the dimensions to ask for
 * @param fields for entities: the fields that may be materialised, by name
 * @param start where history begins, floored to a UTC day; empty: 31 days before the first start
 * @param hot how far back every poll looks
 * @param sweepInterval the cadence of the rest of the lookback
 * @param lookback how long upstream may still revise
 * @param safetyLag a log is read up to now less this
 * @param publishZeroPoints whether rows of zeros are published although their key was not
 * @param rescanDaily how far back the daily re-scan looks; zero: none
 * @param rescanWeekly how far back the weekly re-scan looks; zero: none
 * @param horizon how far below now the checkpoints keep what was published (the floor)
 * @param fingerprint the settings that make keys, by name: with other values the stored state is refused
 */
public record StreamSettings(
        Split split,
        StreamType type,
        Grain width,
        Duration window,
        List<String> groupBy,
        List<String> fields,
        Optional<Instant> start,
        Duration pollInterval,
        Duration hot,
        Duration sweepInterval,
        Duration lookback,
        Duration safetyLag,
        boolean publishZeroPoints,
        Duration rescanDaily,
        Duration rescanWeekly,
        Duration horizon,
        SortedMap<String, String> fingerprint) {}
