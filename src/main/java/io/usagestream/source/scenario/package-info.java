/** Scenario's {@code GET /usages}: series of a window, consumption, the activity log and what its ids mean. */
@NullMarked
package io.usagestream.source.scenario;

import org.jspecify.annotations.NullMarked;
