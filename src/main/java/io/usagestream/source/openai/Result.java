package io.usagestream.source.openai;

import io.usagestream.stream.Measures;

/**
 * One result of a bucket, as it was read.
 *
 * @param index its place among the bucket's results, from 0
 * @param from the first of its bytes in the response
 */
record Result(Group group, Measures measures, int index, int from) {}
