/** Turns the crank: the loop of a split, the lane verticle, ownership. */
@NullMarked
package io.usagestream.ingest;

import org.jspecify.annotations.NullMarked;
