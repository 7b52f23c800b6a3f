package io.usagestream.sink;

/** Carries a {@link SinkFailure} through a future. */
public final class SinkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient SinkFailure failure;

    public SinkException(SinkFailure failure) {
        super(failure.message(), null, false, false);
        this.failure = failure;
    }

    public SinkFailure failure() {
        return failure;
    }
}
