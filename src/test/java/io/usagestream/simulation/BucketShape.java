package io.usagestream.simulation;

import io.usagestream.stream.Grain;

/**
 * What the rows of a stream of buckets are like.
 *
 * @param zeroFilled whether upstream shows rows of zeros
 * @param fine whether numbers have many decimals
 * @param lookback milliseconds within which upstream revises, mostly
 * @param turmoil how likely a row changes after its bucket closed
 * @param quietFrom milliseconds from which on nothing changes any more
 */
record BucketShape(
        Grain grain, int rows, boolean zeroFilled, boolean fine, long lookback, double turmoil, long quietFrom) {}
