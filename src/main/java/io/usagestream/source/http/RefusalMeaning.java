package io.usagestream.source.http;

import io.usagestream.source.Failure;
import io.usagestream.source.json.Redaction;
import io.usagestream.stream.Reason;
import java.util.Optional;

/** What a refusal means for the one who asked: one meaning for every status. */
public final class RefusalMeaning {
    /** What a provider knows of its own refusals. */
    public interface Dialect {
        /** The meaning of a refusal, when the provider gives it one of its own; its text is clean already. */
        Optional<Failure> of(Refusal refusal, String message);
    }

    private final Redaction redaction;
    private final Dialect dialect;

    public RefusalMeaning(Redaction redaction, Dialect dialect) {
        this.redaction = redaction;
        this.dialect = dialect;
    }

    /** The meaning of an answer whose status is not 200. */
    public Failure of(Refusal refusal) {
        String text = redaction.message(refusal.error().text());
        String message = "upstream answered " + refusal.status() + (text.isEmpty() ? "" : ": " + text);
        return dialect.of(refusal, message).orElseGet(() -> byStatus(refusal, message));
    }

    /** The meaning of an error that came with status 200. */
    public Failure ofGood(Refusal refusal) {
        String message = "upstream answered 200 with an error: "
                + redaction.message(refusal.error().text());
        return dialect.of(refusal, message).orElseGet(() -> {
            ErrorBody error = refusal.error();
            if (error.says("quota") || error.says("rate_limit")) {
                return new Failure.Throttled(
                        Reason.ERROR_BODY, message, refusal.headers().pause());
            }
            if (error.says("invalid_request")) {
                return new Failure.Rejected(Reason.ERROR_BODY, message, Optional.empty());
            }
            return new Failure.Malformed(Reason.ERROR_BODY, message);
        });
    }

    private static Failure byStatus(Refusal refusal, String message) {
        return switch (refusal.status()) {
            case 400, 422 -> new Failure.Rejected(Reason.BAD_REQUEST, message, Optional.empty());
            case 401 -> new Failure.Rejected(Reason.AUTH_REJECTED, message, Optional.empty());
            case 403 -> new Failure.Rejected(Reason.FORBIDDEN, message, Optional.empty());
            case 404 -> new Failure.Rejected(Reason.NOT_FOUND, message, Optional.empty());
            case 408, 425 -> unavailable(Reason.TIMEOUT_STATUS, refusal, message);
            case 409 -> unavailable(Reason.CONFLICT, refusal, message);
            case 413 -> new Failure.TooLarge(Reason.BODY_TOO_LARGE, message);
            case 429 ->
                new Failure.Throttled(
                        refusal.error().says("quota") ? Reason.QUOTA : Reason.RATE_LIMITED,
                        message,
                        refusal.headers().pause());
            default -> byClass(refusal, message);
        };
    }

    private static Failure byClass(Refusal refusal, String message) {
        return switch (refusal.status() / 100) {
            case 3 ->
                // whoever answers there would get the credentials: never followed, and slow to be asked again
                new Failure.Unavailable(
                        Reason.REDIRECT_REFUSED, message + "; redirects are not followed", false, Optional.empty());
            case 4 -> new Failure.Rejected(Reason.UNEXPECTED_STATUS, message, Optional.empty());
            case 5 -> unavailable(Reason.SERVER_ERROR, refusal, message);
            default -> new Failure.Malformed(Reason.UNEXPECTED_STATUS, message);
        };
    }

    private static Failure unavailable(Reason reason, Refusal refusal, String message) {
        return new Failure.Unavailable(
                reason, message, !refusal.headers().refused(), refusal.headers().pause());
    }
}
