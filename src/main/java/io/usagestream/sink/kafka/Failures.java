package io.usagestream.sink.kafka;

import io.usagestream.envelope.UnreadableException;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Reason;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What a Kafka client's exception means to the owner of a lane. */
final class Failures {
    private Failures() {}

    /** An exception of a whole step. What is neither Kafka's nor ours is a bug and stays what it is: it must not be retried. */
    static RuntimeException ofStep(String what, Throwable cause) {
        if (cause instanceof UnreadableException) {
            return new SinkException(new SinkFailure.Refused(Reason.STATE_LOST, text(what, cause)));
        } else if (cause instanceof KafkaException || cause instanceof InterruptedException) {
            return beforeCommit(what, cause);
        }
        return cause instanceof RuntimeException known ? known : new IllegalStateException(what, cause);
    }

    /** An exception before the commit was asked for: nothing of the transaction can have been committed. */
    static SinkException beforeCommit(String what, Throwable cause) {
        return new SinkException(certain(what, cause).orElseGet(() -> new SinkFailure.Aborted(text(what, cause))));
    }

    /** An exception out of the commit itself: only what says so was aborted, all else may have been committed. */
    static SinkException inCommit(String what, Throwable cause) {
        return new SinkException(certain(what, cause).orElseGet(() -> {
            return caused(cause, TransactionAbortableException.class).isPresent()
                    ? new SinkFailure.Aborted(text(what, cause))
                    : new SinkFailure.Unknown(text(what, cause));
        }));
    }

    private static Optional<SinkFailure> certain(String what, Throwable cause) {
        if (cause instanceof SinkException known) {
            return Optional.of(known.failure());
        }
        if (caused(cause, ProducerFencedException.class).isPresent()
                || caused(cause, InvalidProducerEpochException.class).isPresent()) {
            return Optional.of(new SinkFailure.Fenced(text(what, cause)));
        }
        return refusal(cause).map(reason -> new SinkFailure.Refused(reason, text(what, cause)));
    }

    private static Optional<Reason> refusal(Throwable cause) {
        if (caused(cause, SslAuthenticationException.class).isPresent()) {
            return Optional.of(Reason.TLS);
        } else if (caused(cause, AuthenticationException.class).isPresent()) {
            return Optional.of(Reason.AUTH_REJECTED);
        } else if (caused(cause, AuthorizationException.class).isPresent()) {
            return Optional.of(Reason.FORBIDDEN);
        } else if (caused(cause, RecordTooLargeException.class).isPresent()) {
            return Optional.of(Reason.RECORD_TOO_LARGE);
        } else if (caused(cause, InvalidTxnTimeoutException.class).isPresent()
                || caused(cause, UnsupportedVersionException.class).isPresent()) {
            return Optional.of(Reason.BAD_REQUEST);
        }
        return Optional.empty();
    }

    private static <T extends Throwable> Optional<T> caused(Throwable thrown, Class<T> type) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < 16; depth++, cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
        }
        return Optional.empty();
    }

    /** What was done and every cause's class and message, on one line. */
    private static String text(String what, Throwable thrown) {
        StringBuilder text = new StringBuilder(what);
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < 4; depth++, cause = cause.getCause()) {
            text.append(depth == 0 ? ": " : ", because ")
                    .append(cause.getClass().getSimpleName());
            if (cause.getMessage() != null) {
                text.append(" (")
                        .append(cause.getMessage().replaceAll("\\s+", " "))
                        .append(')');
            }
        }
        return text.toString();
    }
}
