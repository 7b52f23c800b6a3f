/** The billing ledger: exact totals by project and day, posted when a day is final and verified. */
@NullMarked
package io.usagestream.dev.consumers.ledger;

import org.jspecify.annotations.NullMarked;
