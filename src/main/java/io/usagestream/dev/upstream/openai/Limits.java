package io.usagestream.dev.upstream.openai;

import io.usagestream.stream.Grain;

/** How many buckets a page may have. */
record Limits(int standard, int greatest) {
    static final Limits COSTS = new Limits(7, 180);

    static Limits of(Grain width) {
        return switch (width) {
            case MINUTE -> new Limits(60, 1440);
            case HOUR -> new Limits(24, 168);
            default -> new Limits(7, 31);
        };
    }
}
