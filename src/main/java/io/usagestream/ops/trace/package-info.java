/** Traces: spans of turns, their requests and their commits, for those who collect them. Loaded only when somebody does. */
@NullMarked
package io.usagestream.ops.trace;

import org.jspecify.annotations.NullMarked;
