/** The vocabulary: sources, streams, splits, windows, keys, observations, revisions, work. Values only; no I/O, no clock. */
@NullMarked
package io.usagestream.stream;

import org.jspecify.annotations.NullMarked;
