package io.usagestream.source.openai;

import io.usagestream.source.Failure;
import io.usagestream.source.http.ErrorBody;
import io.usagestream.source.http.Refusal;
import io.usagestream.source.http.RefusalMeaning;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two refusals of OpenAI that are answered by another request. */
final class OpenAiDialect implements RefusalMeaning.Dialect {
    private static final String LOOKBACK = "reporting_lookback_exceeded";
    private static final Pattern DATE = Pattern.compile("\\b(\\d{4}-\\d{2}-\\d{2})\\b");

    @Override
    public Optional<Failure> of(Refusal refusal, String message) {
        boolean badRequest = refusal.status() == 400 || refusal.status() == 200;
        if (!badRequest) {
            return Optional.empty();
        }
        ErrorBody error = refusal.error();
        if (error.says(LOOKBACK)) {
            return Optional.of(new Failure.Rejected(
                    Reason.BAD_REQUEST, message, error.message().flatMap(OpenAiDialect::earliest)));
        }
        // community.openai.com/t/1369109 (2025): cost cursors are refused now and then, by message only
        boolean token = error.message()
                .filter(m -> m.toLowerCase(Locale.ROOT).contains("page token is invalid"))
                .isPresent();
        return token ? Optional.of(new Failure.CursorRefused(message)) : Optional.empty();
    }

    private static Optional<Instant> earliest(String message) {
        Matcher matcher = DATE.matcher(message);
        if (!matcher.find()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Window.startOf(LocalDate.parse(matcher.group(1))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
