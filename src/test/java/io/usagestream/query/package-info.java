/** Unit tests of what reads the topics back. */
@NullMarked
package io.usagestream.query;

import org.jspecify.annotations.NullMarked;
