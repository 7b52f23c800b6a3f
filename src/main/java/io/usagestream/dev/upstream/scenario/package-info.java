/** Scenario's usages API, over the ledger. */
@NullMarked
package io.usagestream.dev.upstream.scenario;

import org.jspecify.annotations.NullMarked;
