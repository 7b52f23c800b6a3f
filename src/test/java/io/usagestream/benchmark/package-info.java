/**
 * What things cost. {@code ./mvnw -Pbenchmark -Dfast test} runs all of it and prints tables, with {@code -Dtest=…Benchmark} one of it:
 * {@code CatchUpBenchmark} the whole process against a plain producer and Kafka Connect, {@code StartBenchmark} start to ready,
 * {@code IdleBenchmark} polls that find nothing, {@code LatencyBenchmark} from upstream to a committed record, {@code PageSizeBenchmark}
 * the pages of the real APIs, {@code AccountsBenchmark} very many accounts.
 */
@NullMarked
package io.usagestream.benchmark;

import org.jspecify.annotations.NullMarked;
