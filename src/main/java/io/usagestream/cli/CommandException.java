package io.usagestream.cli;

/** The end of a command that cannot go on, in words for a person: what is wrong, where, what to do. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param status one of {@link ExitStatus} */
    public CommandException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
