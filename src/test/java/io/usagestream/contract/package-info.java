/** Each port's kit of tests, run by its real and its simulated adapter. */
@NullMarked
package io.usagestream.contract;

import org.jspecify.annotations.NullMarked;
