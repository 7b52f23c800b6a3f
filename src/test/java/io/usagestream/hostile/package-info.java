/** The real process beside upstreams that mean harm: what each does, what comes of it, and that nobody else is held up. */
@NullMarked
package io.usagestream.hostile;

import org.jspecify.annotations.NullMarked;
