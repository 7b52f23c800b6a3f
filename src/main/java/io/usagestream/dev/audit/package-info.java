/** Compares what the simulated upstream shows with what Kafka holds: row by row, to the last digit. */
@NullMarked
package io.usagestream.dev.audit;

import org.jspecify.annotations.NullMarked;
