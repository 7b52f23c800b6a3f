/** What survives a restart, and how it is written down. Pure: no I/O, no clock. */
@NullMarked
package io.usagestream.checkpoint;

import org.jspecify.annotations.NullMarked;
