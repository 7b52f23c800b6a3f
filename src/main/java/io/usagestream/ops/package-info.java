/** Health, metrics, console. */
@NullMarked
package io.usagestream.ops;

import org.jspecify.annotations.NullMarked;
