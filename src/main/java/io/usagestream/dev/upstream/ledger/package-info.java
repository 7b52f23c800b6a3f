/** What simulated accounts have used, as a pure function of seed and time; and what upstream shows of it now. */
@NullMarked
package io.usagestream.dev.upstream.ledger;

import org.jspecify.annotations.NullMarked;
