package io.usagestream.dedup;

import io.usagestream.stream.Digest;
import io.usagestream.stream.Ids;
import io.usagestream.stream.Split;
import io.usagestream.stream.Utf8;

/**
 * What tells an event from all others: its identity, and which of equal ones it is.
 *
 * @param identity the canonical text of {@link io.usagestream.stream.Identity}
 * @param ordinal from 1
 */
public record EventName(String identity, int ordinal) {
    /**
     * The name that a {@link #text} says.
     *
     * @throws IllegalArgumentException when it says none
     */
    public static EventName parse(Utf8 text) {
        String name = text.toString();
        int slash = name.lastIndexOf('/'); // an identity may hold some
        if (slash < 0) {
            throw new IllegalArgumentException("not the name of an event: " + name);
        }
        return new EventName(name.substring(0, slash), Integer.parseInt(name.substring(slash + 1)));
    }

    /** {@code <identity>/<ordinal>}: what segments keep of an event, so that it can be retracted. */
    public Utf8 text() {
        return Utf8.of(identity + "/" + ordinal);
    }

    /** The digest that stands for the event in the index. */
    public Digest key() {
        return key(Digest.of(identity), ordinal);
    }

    /** The key of the n-th of equal identities: cheap to compute for the next one, and as good as random. */
    static Digest key(Digest identity, int ordinal) {
        return new Digest(identity.high(), identity.low() + ordinal);
    }

    /** The id of its record. */
    public String id(Split split) {
        return Ids.event(split, Digest.of(identity), ordinal);
    }
}
