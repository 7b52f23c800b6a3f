/** What the console shows: the state of now, and a bounded memory of what happened. */
@NullMarked
package io.usagestream.ops.board;

import org.jspecify.annotations.NullMarked;
