package io.usagestream.dev.upstream.ledger;

/**
 * When a piece of usage shows, and what becomes of it.
 *
 * @param appears epoch second from which on upstream shows it
 * @param turn what it then turns into
 * @param turns epoch second from which on it has turned; meaningless for {@link Turn#STAYS}
 */
record Fate(long appears, Turn turn, long turns) {
    enum Turn {
        STAYS,
        /** Its numbers change. */
        RESTATED,
        /** It was somebody else's. */
        MOVED,
        /** It was nobody's. */
        WITHDRAWN
    }

    private static final int MINUTE = 60;
    private static final int HOUR = 3600;
    private static final int DAY = 86_400;

    /** What becomes of usage of that second. */
    static Fate of(Dice dice, Temper temper, long second) {
        if (temper == Temper.CALM) {
            return new Fate(second, Turn.STAYS, 0);
        }
        long appears = second + delay(dice);
        int kind = dice.below(1000);
        if (temper == Temper.ANCIENT && kind >= 995) {
            return new Fate(appears, Turn.RESTATED, second + dice.between(3 * DAY, 20 * DAY));
        }
        if (kind >= 60) {
            return new Fate(appears, Turn.STAYS, 0);
        }
        Turn turn = kind < 25 ? Turn.RESTATED : kind < 50 ? Turn.MOVED : Turn.WITHDRAWN;
        return new Fate(appears, turn, appears + afterthought(dice));
    }

    /** Most shows within a minute; some when its bucket is long closed. */
    private static int delay(Dice dice) {
        int kind = dice.below(1000);
        if (kind < 900) {
            return dice.between(1, 40);
        }
        if (kind < 975) {
            return dice.between(40, 10 * MINUTE);
        }
        return kind < 997 ? dice.between(10 * MINUTE, 3 * HOUR) : dice.between(3 * HOUR, 30 * HOUR);
    }

    private static int afterthought(Dice dice) {
        int kind = dice.below(1000);
        if (kind < 700) {
            return dice.between(15, 4 * MINUTE);
        }
        return kind < 900 ? dice.between(4 * MINUTE, HOUR) : dice.between(HOUR, 10 * HOUR);
    }

    boolean shows(long asOf) {
        return asOf >= appears && !(turn == Turn.WITHDRAWN && asOf >= turns);
    }

    boolean hasTurned(Turn into, long asOf) {
        return turn == into && asOf >= turns;
    }
}
