/** What is counted and measured, for Prometheus. */
@NullMarked
package io.usagestream.ops.metrics;

import org.jspecify.annotations.NullMarked;
