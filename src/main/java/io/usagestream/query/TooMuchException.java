package io.usagestream.query;

/** The end of a question whose answer would not fit, in words for a person. */
public final class TooMuchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooMuchException(String message) {
        super(message);
    }
}
