/** Processes of their own that are killed, stopped, cut off and started again; afterwards every row is compared. */
@NullMarked
package io.usagestream.chaos;

import org.jspecify.annotations.NullMarked;
