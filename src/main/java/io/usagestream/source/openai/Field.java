package io.usagestream.source.openai;

import io.usagestream.source.json.Numbers;
import io.usagestream.source.json.Unreadable;
import io.usagestream.stream.Reason;
import java.math.BigDecimal;

/**
 * What one field of a result is.
 *
 * @param unit of a number
 * @param known whether the description, or we, knew of it
 */
record Field(Role role, String unit, boolean known) {
    /** What is done with it. */
    enum Role {
        OBJECT,
        DIMENSION,
        /** A whole number, not negative. */
        COUNT,
        /** A number, not negative. */
        AMOUNT_OF,
        /** Any number, should it be one. */
        OPEN,
        MONEY,
        QUANTITY,
        QUANTITY_UNIT,
        IGNORED
    }

    static final String UNKNOWN_UNIT = "unknown";

    /** A field by its name alone: numbers pass through under their own names, so that a new one needs no release. */
    static Field named(String name, boolean known) {
        if (name.endsWith("_tokens")) {
            return new Field(Role.COUNT, "tokens", known);
        }
        return switch (name) {
            case "num_requests", "num_model_requests" -> new Field(Role.COUNT, "requests", known);
            case "num_sessions" -> new Field(Role.COUNT, "sessions", known);
            case "images", "characters" -> new Field(Role.COUNT, name, known);
            case "seconds" -> new Field(Role.AMOUNT_OF, name, known);
            case "usage_bytes" -> new Field(Role.COUNT, "bytes", known);
            default -> new Field(Role.OPEN, UNKNOWN_UNIT, known);
        };
    }

    long checked(long number, String name) throws Unreadable {
        if (number < 0 && (role == Role.COUNT || role == Role.AMOUNT_OF)) {
            throw negative(name);
        }
        return number;
    }

    BigDecimal checked(BigDecimal number, String name) throws Unreadable {
        if (role == Role.COUNT) {
            return Numbers.count(number, name);
        }
        if (role == Role.AMOUNT_OF && number.signum() < 0) {
            throw negative(name);
        }
        return number;
    }

    private static Unreadable negative(String name) {
        return new Unreadable(Reason.NEGATIVE_COUNT, "/" + name, name + " is negative");
    }
}
