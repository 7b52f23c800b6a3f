package io.usagestream.source.openai;

import io.usagestream.stream.ByName;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A set of dimensions that a page's buckets show, with what the bucket that is being read says of it. */
final class Group {
    private final ByName<Optional<String>> dimensions;
    private @Nullable Group next;
    private @Nullable Result first;
    private boolean ambiguous;

    Group(ByName<Optional<String>> dimensions) {
        this.dimensions = dimensions;
    }

    ByName<Optional<String>> dimensions() {
        return dimensions;
    }

    /** The group that followed this one when it was read last: most buckets show the same groups in the same order. */
    @Nullable
    Group next() {
        return next;
    }

    void followedBy(Group group) {
        next = group;
    }

    /** Forgets what was said: another bucket begins. */
    void begin() {
        first = null;
        ambiguous = false;
    }

    /** Takes a result of the bucket. */
    void take(Result result) {
        if (first == null) {
            first = result;
        } else if (!first.measures().equals(result.measures())) {
            ambiguous = true;
        }
    }

    /** Whether it stands for different numbers. */
    boolean isAmbiguous() {
        return ambiguous;
    }

    /** Whether a result is the one that was taken first. */
    @SuppressWarnings("ReferenceEquality") // its twin is equal
    boolean isFirst(Result result) {
        return first == result;
    }
}
