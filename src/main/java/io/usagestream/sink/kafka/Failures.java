package io.usagestream.sink.kafka;

import io.usagestream.envelope.UnreadableException;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Reason;
import java.util.ArrayList;
import java.util.List;
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
    private static final int DEEPEST = 16;

    private final Refusals refusals;

    Failures(KafkaSettings settings) {
        this.refusals = new Refusals(settings);
    }

    /**
     * An exception of a whole step that reads. What is neither Kafka's nor ours is a bug and stays what it is: it must not be
     * retried.
     */
    RuntimeException ofStep(String what, Throwable cause) {
        if (cause instanceof UnreadableException) {
            return new SinkException(new SinkFailure.Refused(Reason.STATE_LOST, text(what, cause)));
        } else if (cause instanceof KafkaException || cause instanceof InterruptedException) {
            return aborted(what, cause, refusals.ofReading(cause));
        }
        return cause instanceof RuntimeException known ? known : new IllegalStateException(what, cause);
    }

    /** An exception before the commit was asked for: nothing of the transaction can have been committed. */
    SinkException beforeCommit(String what, Throwable cause) {
        return aborted(what, cause, refusals.ofWriting(cause));
    }

    /** An exception out of the commit itself: only what says so was aborted, all else may have been committed. */
    SinkException inCommit(String what, Throwable cause) {
        return new SinkException(certain(what, cause, refusals.ofWriting(cause)).orElseGet(() -> {
            return caused(cause, TransactionAbortableException.class)
                    ? new SinkFailure.Aborted(text(what, cause))
                    : new SinkFailure.Unknown(text(what, cause));
        }));
    }

    /** An exception and what caused it, from the outermost on. */
    static List<Throwable> causes(Throwable thrown) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = thrown; cause != null && causes.size() < DEEPEST; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    /** Whether the brokers do not allow transactions to last so long. Seen with clients 4.3.1: the producer keeps the text only. */
    static boolean tooLong(Throwable cause) {
        return cause instanceof InvalidTxnTimeoutException
                || (cause instanceof KafkaException
                        && String.valueOf(cause.getMessage()).contains("transaction.max.timeout.ms"));
    }

    private static SinkException aborted(String what, Throwable cause, Optional<String> sentence) {
        return new SinkException(
                certain(what, cause, sentence).orElseGet(() -> new SinkFailure.Aborted(text(what, cause))));
    }

    private static Optional<SinkFailure> certain(String what, Throwable cause, Optional<String> sentence) {
        if (cause instanceof SinkException known) {
            return Optional.of(known.failure());
        }
        if (caused(cause, ProducerFencedException.class) || caused(cause, InvalidProducerEpochException.class)) {
            return Optional.of(new SinkFailure.Fenced(text(what, cause)));
        }
        return refusal(cause)
                .map(reason -> new SinkFailure.Refused(
                        reason, sentence.map(said -> what + ": " + said).orElseGet(() -> text(what, cause))));
    }

    private static Optional<Reason> refusal(Throwable cause) {
        if (caused(cause, SslAuthenticationException.class)) {
            return Optional.of(Reason.TLS);
        } else if (caused(cause, AuthenticationException.class)) {
            return Optional.of(Reason.AUTH_REJECTED);
        } else if (caused(cause, AuthorizationException.class)) {
            return Optional.of(Reason.FORBIDDEN);
        } else if (caused(cause, RecordTooLargeException.class)) {
            return Optional.of(Reason.RECORD_TOO_LARGE);
        } else if (causes(cause).stream().anyMatch(Failures::tooLong)
                || caused(cause, UnsupportedVersionException.class)) {
            return Optional.of(Reason.BAD_REQUEST);
        }
        return Optional.empty();
    }

    private static boolean caused(Throwable thrown, Class<? extends Throwable> type) {
        return causes(thrown).stream().anyMatch(type::isInstance);
    }

    /** What was done and every cause's class and message, on one line. */
    private static String text(String what, Throwable thrown) {
        StringBuilder text = new StringBuilder(what);
        String before = ": ";
        for (Throwable cause : causes(thrown).stream().limit(4).toList()) {
            text.append(before).append(cause.getClass().getSimpleName());
            before = ", because ";
            if (cause.getMessage() != null) {
                text.append(" (")
                        .append(cause.getMessage().replaceAll("\\s+", " "))
                        .append(')');
            }
        }
        return text.toString();
    }
}
