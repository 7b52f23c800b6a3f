package io.usagestream.stream;

/** How a split is doing. */
public enum SplitState {
    /** Before the first complete read. */
    STARTING,
    /** History is being read. */
    CATCHING_UP,
    /** The hot end is read in time. */
    RUNNING,
    /** Something fails again and again; tried on at a slow cadence. */
    DEGRADED,
    /** It needs a person. */
    HALTED
}
