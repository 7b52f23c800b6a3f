/** Decides what is new: digests, the seen index, admission, retraction, the offset log's verified reading. Pure: time and chance are passed in. */
@NullMarked
package io.usagestream.dedup;

import org.jspecify.annotations.NullMarked;
