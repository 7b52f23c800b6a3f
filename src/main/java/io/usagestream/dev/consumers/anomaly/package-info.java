/** The anomaly detector: alerts on spikes of single series, and on nothing that only corrects the past. */
@NullMarked
package io.usagestream.dev.consumers.anomaly;

import org.jspecify.annotations.NullMarked;
