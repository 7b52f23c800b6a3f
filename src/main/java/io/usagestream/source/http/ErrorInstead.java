package io.usagestream.source.http;

/** The body is an error, not a page, though the status is 200. */
public final class ErrorInstead extends Exception {
    private static final long serialVersionUID = 1L;

    public ErrorInstead() {
        super("an error with status 200", null, false, false);
    }
}
