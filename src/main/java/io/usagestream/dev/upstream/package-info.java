/** A simulated upstream: both providers' APIs over one seeded ledger, on a loopback port. */
@NullMarked
package io.usagestream.dev.upstream;

import org.jspecify.annotations.NullMarked;
