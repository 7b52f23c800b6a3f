/** Reads JSON that nobody vouches for: in a stream, with limits, numbers exact, and what is set aside without secrets or personal data. */
@NullMarked
package io.usagestream.source.json;

import org.jspecify.annotations.NullMarked;
