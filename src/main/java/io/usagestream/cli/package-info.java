/** Commands; builds the object graph by hand, once. */
@NullMarked
package io.usagestream.cli;

import org.jspecify.annotations.NullMarked;
