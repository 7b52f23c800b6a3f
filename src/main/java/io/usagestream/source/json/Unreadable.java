package io.usagestream.source.json;

import io.usagestream.stream.Reason;

/** Says why one row cannot be understood. It costs no stack trace: hostile pages may hold many. */
public final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final String field;

    /**
     * @param field where in the row, as a relative JSON pointer such as {@code /amount/value}; only names that we know
     * @param detail what was found, in words of ours, never upstream's text
     */
    public Unreadable(Reason reason, String field, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
        this.field = field;
    }

    public Unreadable(Reason reason, String detail) {
        this(reason, "", detail);
    }

    public Reason reason() {
        return reason;
    }

    public String field() {
        return field;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }
}
