/** Decides what to read next, and when: windows, cadence, back-off, budgets, the learned lookback. Pure: time and chance are passed in. */
@NullMarked
package io.usagestream.plan;

import org.jspecify.annotations.NullMarked;
