/** The production loop over a simulated upstream and a simulated transactional log: virtual time, one seed one run. */
@NullMarked
package io.usagestream.simulation;

import org.jspecify.annotations.NullMarked;
