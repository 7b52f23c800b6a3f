package io.usagestream.dev.upstream.fault;

import io.usagestream.dev.upstream.http.Ask;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** One thing that an upstream does wrong, by the name that {@code --faults} knows it under. */
public enum Fault {
    /** 429 for some seconds, with {@code Retry-After} in seconds. */
    RATE_LIMIT(Kind.REFUSAL, 30),
    /** 429 for some seconds, with {@code Retry-After} as a date. */
    RATE_LIMIT_DATE(Kind.REFUSAL, 20),
    /** 429 for some seconds, with {@code retry-after-ms}. */
    RATE_LIMIT_MS(Kind.REFUSAL, 20),
    /** 429 without a word on when to come again. */
    RATE_LIMIT_BARE(Kind.REFUSAL, 10),
    INTERNAL_ERROR(Kind.REFUSAL, 40),
    BAD_GATEWAY(Kind.REFUSAL, 30),
    UNAVAILABLE(Kind.REFUSAL, 30),
    OVERLOADED(Kind.REFUSAL, 20),
    HTML(Kind.REFUSAL, 20),
    EMPTY_BODY(Kind.REFUSAL, 20),
    /** 200 with an error in it. */
    ERROR_BODY(Kind.REFUSAL, 20),
    /** 200 with {@code null}. */
    NULL_BODY(Kind.REFUSAL, 10),
    /** The answer comes a second late. */
    LATENCY(Kind.DELIVERY, 60),
    /** The body ends before its announced length. */
    TRUNCATED(Kind.DELIVERY, 30),
    /** The connection is reset in the middle of the body. */
    RESET(Kind.DELIVERY, 20),
    /** The body comes in drops. */
    SLOW_BODY(Kind.DELIVERY, 20),
    /** The body is cut and announces the cut length: nothing but the JSON tells. */
    MALFORMED_JSON(Kind.DELIVERY, 20),
    /** 400 for a cursor that upstream itself gave. */
    CURSOR_REFUSED(Kind.CONTENT, 100),
    /** {@code next_page} is the cursor that was just sent. */
    CURSOR_LOOP(Kind.CONTENT, 60),
    /** {@code has_more} without a {@code next_page}. */
    CURSOR_MISSING(Kind.CONTENT, 40),
    /** The page before comes once more, and then the one that was asked for. */
    DUPLICATED_PAGE(Kind.CONTENT, 80),
    /** Events of the last minutes come and go from request to request. */
    SHIFTING_LIST(Kind.CONTENT, 200),
    /** An offset past the end is taken for 0. */
    OFFSET_WRAP(Kind.CONTENT, 300),
    /** Members that no documentation knows, none of them a number of its own. */
    NEW_FIELDS(Kind.CONTENT, 200),
    /** A row of an {@code object} that nobody knows. */
    UNKNOWN_OBJECT(Kind.CONTENT, 60),
    /** Actions and models that no documentation knows: of the ledger, so that they are true and stay. */
    NEW_ENUM_VALUES(Kind.LEDGER, 0),
    /** Changes beyond every lookback: of the ledger; only a deep re-scan finds them. Not in {@code all}. */
    ANCIENT_CHANGES(Kind.LEDGER, 0),
    /** A row with a number that is none. Not in {@code all}: the bucket that it is in retracts nothing. */
    BAD_ROWS(Kind.CONTENT, 100),
    /** Every key is refused with 401. Not in {@code all}: a source halts for minutes. */
    UNAUTHORIZED(Kind.REFUSAL, 1000),
    /** Every key is refused with 403. Not in {@code all}. */
    FORBIDDEN(Kind.REFUSAL, 1000),
    /** Everything is 404. Not in {@code all}. */
    NOT_FOUND(Kind.REFUSAL, 1000),
    /** A redirect to another host. Not in {@code all}: a client must not follow and cannot go on. */
    REDIRECT(Kind.REFUSAL, 1000),
    /** The {@code Date} header is ten minutes ahead. Not in {@code all}: no answer is wrong, but time is. */
    CLOCK_AHEAD(Kind.DELIVERY, 1000),
    /** The body never comes. Not in {@code all}: it takes as long as the reader's patience. */
    SILENCE(Kind.DELIVERY, 1000);

    /** The name of all that can be survived without anybody's help. */
    public static final String ALL = "all";

    private static final Set<Fault> ONLY_BY_NAME =
            EnumSet.of(ANCIENT_CHANGES, BAD_ROWS, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, REDIRECT, CLOCK_AHEAD, SILENCE);

    /** Where a fault strikes. */
    public enum Kind {
        /** Instead of an answer. */
        REFUSAL,
        /** On the answer's way. */
        DELIVERY,
        /** In what the answer says. */
        CONTENT,
        /** In the ledger itself: set for good when it is opened. */
        LEDGER
    }

    private final Kind kind;
    private final int perMille;

    Fault(Kind kind, int perMille) {
        this.kind = kind;
        this.perMille = perMille;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether the request is one that it could strike: a cursor fault needs a cursor. */
    boolean concerns(Ask ask) {
        return switch (this) {
            case CURSOR_REFUSED, CURSOR_LOOP, DUPLICATED_PAGE -> ask.one("page").isPresent();
            case CURSOR_MISSING, UNKNOWN_OBJECT -> ask.path().startsWith("/v1/organization/");
            case SHIFTING_LIST, OFFSET_WRAP -> ask.path().startsWith("/v1/usage");
            default -> true;
        };
    }

    /** How many of a thousand requests it strikes while it is about. */
    int perMille() {
        return perMille;
    }

    /** As on the command line: lower case, with hyphens. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Set<Fault> all() {
        return EnumSet.complementOf(EnumSet.copyOf(ONLY_BY_NAME));
    }

    /**
     * The faults of a comma-separated list of words.
     *
     * @throws IllegalArgumentException for a word that is none, naming it
     */
    public static Set<Fault> parse(String list) {
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        for (String word : list.split(",")) {
            String name = word.strip();
            if (name.equals(ALL)) {
                faults.addAll(all());
            } else if (!name.isEmpty() && !name.equals("none")) {
                faults.add(of(name).orElseThrow(() -> new IllegalArgumentException("no such fault: " + name)));
            }
        }
        return faults;
    }

    private static Optional<Fault> of(String word) {
        return Arrays.stream(values())
                .filter(fault -> fault.word().equals(word))
                .findFirst();
    }
}
