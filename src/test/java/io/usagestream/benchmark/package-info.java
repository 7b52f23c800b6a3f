/**
 * What things cost. {@code ./mvnw -Pbenchmark -Dfast test} runs all of it and prints tables, with {@code -Dtest=…Benchmark} one of it:
 * {@code CatchUpBenchmark} the whole process against a plain producer and Kafka Connect, {@code StartBenchmark} start to ready.
 */
@NullMarked
package io.usagestream.benchmark;

import org.jspecify.annotations.NullMarked;
