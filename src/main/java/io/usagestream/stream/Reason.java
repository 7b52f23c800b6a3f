package io.usagestream.stream;

import java.util.Locale;

/** Why something was refused, delayed or set aside: the closed list. A reason is a metric label, a log field and a word in the console. */
public enum Reason {
    AUTH_REJECTED,
    FORBIDDEN,
    NOT_FOUND,
    BAD_REQUEST,
    TIMEOUT_STATUS,
    CONFLICT,
    RATE_LIMITED,
    QUOTA,
    SERVER_ERROR,
    CONNECT,
    DNS,
    TLS,
    TRUNCATED_BODY,
    TIMEOUT,
    MALFORMED_JSON,
    ERROR_BODY,
    UNEXPECTED_CONTENT_TYPE,
    BODY_TOO_LARGE,
    UNEXPECTED_STATUS,
    REDIRECT_REFUSED,
    INCONSISTENT_PAGES,
    CURSOR_LOOP,
    CURSOR_MISSING,
    CURSOR_EXTRA,
    MALFORMED_PAGE,
    EMPTY_PAGE_LIMIT,
    PAGE_LIMIT,
    BUCKET_OUT_OF_WINDOW,
    BUCKET_MISALIGNED,
    GAP,
    CLOCK_SKEW,
    TIME_OUT_OF_RANGE,
    RESTATED_BULK,
    UNKNOWN_OBJECT,
    UNKNOWN_FIELD,
    MISSING_FIELD,
    BAD_NUMBER,
    NEGATIVE_COUNT,
    OVERFLOW,
    NOT_INTEGRAL,
    BAD_CURRENCY,
    DUPLICATE_KEY,
    GROUPING_IGNORED,
    UNSTABLE_LISTING,
    GRANULARITY_CHANGED,
    SECTION_MISSING,
    LANES_CHANGED,
    ID_TOO_LONG,
    SETTINGS_CHANGED,
    RECORD_TOO_LARGE,
    STATE_LOST;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The reason as users see it: {@code rate_limited}. */
    public String word() {
        return word;
    }
}
