package io.usagestream.source;

/** Carries a {@link Failure} through a future. It has no stack trace: it is an outcome, not a bug. */
public final class UpstreamException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public UpstreamException(Failure failure) {
        super(failure.reason().word() + ": " + failure.message(), null, false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
