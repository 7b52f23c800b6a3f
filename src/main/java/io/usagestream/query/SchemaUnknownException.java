package io.usagestream.query;

/** The schema that records were written with cannot be had from a registry, in words for a person. */
public final class SchemaUnknownException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    SchemaUnknownException(String message) {
        super(message);
    }

    SchemaUnknownException(String message, Throwable cause) {
        super(message, cause);
    }
}
