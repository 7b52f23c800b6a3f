package io.usagestream.ingest;

import io.usagestream.dedup.Admitted;
import io.usagestream.dedup.Standing;
import io.usagestream.plan.Horizon;

/**
 * What a window came to: what was read, what of it is let through, and the horizon that it leads to. Nothing of it holds before it
 * is committed.
 *
 * @param standing what the rows were judged by
 */
record Verdict(Complete complete, Admitted admitted, Standing standing, Horizon horizon) {}
