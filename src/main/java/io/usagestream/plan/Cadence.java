package io.usagestream.plan;

import java.time.Duration;
import java.time.Instant;

/**
 * How often a split is read and how far back.
 *
 * @param start where history begins
 * @param poll the hot end's interval
 * @param hot how far back every poll looks
 * @param sweep the interval of passes over the rest of the lookback
 * @param lookback how long upstream may still revise
 * @param daily how far back the daily re-scan looks; zero: none
 * @param weekly how far back the weekly re-scan looks; zero: none
 */
public record Cadence(
        Instant start,
        Duration poll,
        Duration hot,
        Duration sweep,
        Duration lookback,
        Duration daily,
        Duration weekly) {}
