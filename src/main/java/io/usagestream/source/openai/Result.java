package io.usagestream.source.openai;

import io.usagestream.stream.Measure;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One result of a bucket, as it was read.
 *
 * @param from the first of its bytes in the response
 */
record Result(SortedMap<String, Optional<String>> dimensions, SortedMap<String, Measure> measures, int from) {}
