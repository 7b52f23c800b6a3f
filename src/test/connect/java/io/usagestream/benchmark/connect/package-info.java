/** What people use instead: Kafka Connect, with the leanest source connector that reads the same upstream. */
@NullMarked
package io.usagestream.benchmark.connect;

import org.jspecify.annotations.NullMarked;
