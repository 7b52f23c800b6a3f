package io.usagestream.dev.upstream.ledger;

/**
 * When an event shows, when its cost does, and what becomes of both; all in epoch milliseconds.
 *
 * @param appears from when on it shows
 * @param priced from when on its cost shows
 * @param repriced from when on its cost is another one
 * @param vanishes from when on it shows no more
 */
record EventFate(long appears, long priced, long repriced, long vanishes) {
    private static final int SECOND = 1000;
    private static final int MINUTE = 60 * SECOND;
    private static final int HOUR = 60 * MINUTE;
    private static final int DAY = 24 * HOUR;

    static EventFate of(Dice dice, Temper temper, long time) {
        long never = Long.MAX_VALUE;
        if (temper == Temper.CALM) {
            return new EventFate(time, time, never, never);
        }
        long appears = time + delay(dice);
        long priced = dice.perMille(200) ? appears + afterthought(dice) : appears;
        long repriced = dice.perMille(15) ? priced + afterthought(dice) : never;
        long vanishes = dice.perMille(15) ? appears + afterthought(dice) : never;
        if (temper == Temper.ANCIENT && dice.perMille(5)) {
            repriced = time + 3L * DAY + dice.below(10 * DAY);
        }
        return new EventFate(appears, priced, repriced, vanishes);
    }

    /** Most show before a cautious reader looks, some much later. */
    private static int delay(Dice dice) {
        int kind = dice.below(1000);
        if (kind < 800) {
            return dice.between(SECOND, 15 * SECOND);
        }
        if (kind < 955) {
            return dice.between(15 * SECOND, 110 * SECOND);
        }
        return kind < 993 ? dice.between(110 * SECOND, 30 * MINUTE) : dice.between(30 * MINUTE, 20 * HOUR);
    }

    private static int afterthought(Dice dice) {
        return dice.perMille(850) ? dice.between(20 * SECOND, 8 * MINUTE) : dice.between(8 * MINUTE, 6 * HOUR);
    }

    boolean shows(long asOf) {
        return asOf >= appears && asOf < vanishes;
    }

    boolean knowsCost(long asOf) {
        return asOf >= priced;
    }

    boolean costsMore(long asOf) {
        return asOf >= repriced;
    }
}
