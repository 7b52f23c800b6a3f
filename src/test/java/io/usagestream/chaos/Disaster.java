package io.usagestream.chaos;

/** One kind of thing that goes wrong. */
enum Disaster {
    /** An instance is killed with {@code kill -9}; another is started soon. */
    KILL,
    /** An instance stands still until it is taken for dead and its lanes are taken over, then goes on. */
    ZOMBIE,
    /** Commits of a lane are not answered; whether the broker hears of them is by chance. */
    AMBIGUITY,
    /** The broker is killed with {@code kill -9} and started again; of three the next one, while the one before is started again. */
    BROKER,
    /** An instance is asked to end; another is started. */
    TERMINATION,
    /** The way to the broker is slow, cut or silent for a while. */
    NETWORK
}
