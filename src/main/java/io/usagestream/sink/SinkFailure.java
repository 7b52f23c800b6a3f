package io.usagestream.sink;

import io.usagestream.stream.Reason;

/** What the owner of a lane must do after a commit or an opening that failed: the closed family at the port to the log. */
public sealed interface SinkFailure {
    /** What happened, in a sentence for a person. */
    String message();

    /** What a failed future of the log says. Anything but a {@link SinkException} is a bug, after which nothing is known. */
    static SinkFailure of(Throwable cause) {
        return cause instanceof SinkException known ? known.failure() : new Unknown("a bug in the sink: " + cause);
    }

    /** Nothing of it was committed: open the lane again, try again. */
    record Aborted(String message) implements SinkFailure {}

    /** It may have been committed or not: open the lane again, the restored state says which. Never guessed. */
    record Unknown(String message) implements SinkFailure {}

    /** Somebody else owns the lane now, or did: open it again only after the group has confirmed that it is ours. */
    record Fenced(String message) implements SinkFailure {}

    /** It cannot succeed before a person acts: authorisation, a lost state, lanes that changed. */
    record Refused(Reason reason, String message) implements SinkFailure {}
}
