/** Commits records and progress together, or neither. {@code sink.kafka} how. */
@NullMarked
package io.usagestream.sink;

import org.jspecify.annotations.NullMarked;
