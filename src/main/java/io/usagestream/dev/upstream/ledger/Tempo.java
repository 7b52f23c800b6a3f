package io.usagestream.dev.upstream.ledger;

/** How many things happen in a minute: more by day than by night, and more in a rush. */
final class Tempo {
    /** Percent of the average, by hour of the UTC day; their mean is 100. */
    private static final int[] DAY = {
        55, 50, 45, 45, 50, 60, 75, 95, 115, 130, 140, 145, 140, 140, 145, 150, 145, 135, 120, 110, 100, 85, 70, 55
    };

    private static final long MILLION = 1_000_000;

    private final long base;
    private final int perHour;
    private final int pace;
    private final long rushMinute;
    private final int rushPace;

    /** @param base what the dice of this stream of events are seeded with */
    Tempo(long base, int perHour, LedgerSettings settings) {
        this.base = base;
        this.perHour = perHour;
        this.pace = settings.pace();
        this.rushMinute =
                settings.rush().map(rush -> rush.from().getEpochSecond() / 60).orElse(Long.MAX_VALUE);
        this.rushPace = settings.rush().map(LedgerSettings.Rush::pace).orElse(pace);
    }

    /** The seed of everything in a minute. */
    long seed(long minute) {
        return Dice.mix(base + minute * 0xD1342543DE82EF95L);
    }

    /** How many things happen in the minute of that seed. */
    int count(long minute, long seed) {
        int hour = (int) Math.floorMod(minute / 60, 24L);
        long millionths =
                (long) perHour * (minute >= rushMinute ? rushPace : pace) * DAY[hour] * MILLION / (100L * 100 * 60);
        boolean oneMore = (seed >>> 1) % MILLION < millionths % MILLION;
        return (int) (millionths / MILLION) + (oneMore ? 1 : 0);
    }
}
