/** Reads the topics back: tail, usage summary, reconcile. */
@NullMarked
package io.usagestream.query;

import org.jspecify.annotations.NullMarked;
