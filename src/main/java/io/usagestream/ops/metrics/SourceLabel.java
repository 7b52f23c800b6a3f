package io.usagestream.ops.metrics;

import io.usagestream.ops.Instance;

/** What stands in the {@code source} label: the name, or {@code all} where there are too many sources for a series each. */
final class SourceLabel {
    /** Sources that get series of their own. */
    static final int MOST = 200;

    private static final String ALL = "all";

    private final boolean named;

    SourceLabel(Instance instance) {
        this.named = instance.sources().size() <= MOST;
    }

    String of(String source) {
        return named ? source : ALL;
    }
}
