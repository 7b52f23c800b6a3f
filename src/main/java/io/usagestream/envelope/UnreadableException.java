package io.usagestream.envelope;

import org.jspecify.annotations.Nullable;

/** A record that cannot be read: foreign bytes, or a schema that is not known here. */
public final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
