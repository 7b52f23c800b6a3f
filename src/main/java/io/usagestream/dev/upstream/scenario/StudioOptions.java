package io.usagestream.dev.upstream.scenario;

/**
 * What is not known of Scenario, so that it can be either way.
 *
 * @param order of the activity log
 * @param pastEnd what an offset past the end gives
 * @param names which series an answer has
 * @param ceiling the greatest body in bytes; more is a 413
 */
public record StudioOptions(Order order, PastEnd pastEnd, Names names, int ceiling) {
    public enum Order {
        NEWEST_FIRST,
        OLDEST_FIRST
    }

    public enum PastEnd {
        EMPTY,
        FIRST_PAGE
    }

    public enum Names {
        /** All that there are, filled up with zeros. */
        ALL,
        /** Those that were used in the window: none, and no granularity, when nothing was. */
        USED
    }

    /** The 6 MB of its API gateway. */
    private static final int GATEWAY_CEILING = 6 * 1024 * 1024;

    public static final StudioOptions DEFAULT =
            new StudioOptions(Order.NEWEST_FIRST, PastEnd.EMPTY, Names.ALL, GATEWAY_CEILING);

    public StudioOptions with(Order other) {
        return new StudioOptions(other, pastEnd, names, ceiling);
    }

    public StudioOptions with(PastEnd other) {
        return new StudioOptions(order, other, names, ceiling);
    }

    public StudioOptions with(Names other) {
        return new StudioOptions(order, pastEnd, other, ceiling);
    }

    public StudioOptions withCeiling(int bytes) {
        return new StudioOptions(order, pastEnd, names, bytes);
    }
}
