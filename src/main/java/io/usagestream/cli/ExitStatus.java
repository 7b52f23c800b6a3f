package io.usagestream.cli;

/** What the process says by its exit status. */
public final class ExitStatus {
    public static final int OK = 0;
    /** Something failed that is no matter of the configuration. */
    public static final int FAILED = 1;
    /** The configuration, the command line or a check before the start. */
    public static final int CONFIGURATION = 2;

    private ExitStatus() {}
}
