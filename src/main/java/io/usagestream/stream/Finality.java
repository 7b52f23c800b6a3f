package io.usagestream.stream;

/** Whether upstream may still be expected to change a row, at the time of publication. */
public enum Finality {
    PROVISIONAL,
    FINAL
}
