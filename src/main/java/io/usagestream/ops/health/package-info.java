/** Whether the process lives, and whether it is ready. */
@NullMarked
package io.usagestream.ops.health;

import org.jspecify.annotations.NullMarked;
