/** How the sink commits: lanes as partitions, transactions as batches, a consumer group as the owner's register. */
@NullMarked
package io.usagestream.sink.kafka;

import org.jspecify.annotations.NullMarked;
