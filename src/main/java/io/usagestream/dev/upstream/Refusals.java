package io.usagestream.dev.upstream;

import io.usagestream.dev.upstream.fault.Afflictions;
import io.usagestream.dev.upstream.fault.Fault;
import io.usagestream.dev.upstream.http.Answer;
import io.usagestream.dev.upstream.http.Ask;
import io.usagestream.dev.upstream.openai.OpenAiApi;
import io.usagestream.dev.upstream.openai.Refusal;
import io.usagestream.dev.upstream.scenario.StudioRefusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What is answered instead of an answer when a fault strikes. */
final class Refusals {
    private static final byte[] HTML =
            "<!DOCTYPE html><html><body><h1>We'll be right back</h1></body></html>".getBytes(StandardCharsets.UTF_8);

    private Refusals() {}

    /** The answer of the first fault that strikes instead of one, if any does. */
    static Optional<Answer> of(Ask ask, Afflictions afflictions, Duration wait, Instant now) {
        return afflictions.faults().stream()
                .filter(fault -> fault.kind() == Fault.Kind.REFUSAL)
                .findFirst()
                .map(fault -> answer(fault, ask, wait, now));
    }

    private static Answer answer(Fault fault, Ask ask, Duration wait, Instant now) {
        boolean openAi = OpenAiApi.owns(ask.path());
        Duration seconds = Duration.ofSeconds(Math.max(1, wait.toSeconds() + 1));
        return switch (fault) {
            case RATE_LIMIT -> tooFast(openAi).withHeader("retry-after", String.valueOf(seconds.toSeconds()));
            case RATE_LIMIT_DATE -> tooFast(openAi).withHeader("retry-after", HttpDate.format(now.plus(seconds)));
            case RATE_LIMIT_MS ->
                tooFast(openAi).withHeader("retry-after-ms", String.valueOf(Math.max(100, wait.toMillis())));
            case RATE_LIMIT_BARE -> tooFast(openAi);
            case BAD_GATEWAY -> broken(openAi, 502);
            case UNAVAILABLE -> broken(openAi, 503);
            case OVERLOADED -> broken(openAi, 529);
            case HTML -> Answer.json(200, HTML).withHeader("content-type", "text/html; charset=utf-8");
            case EMPTY_BODY -> Answer.json(200, "");
            case NULL_BODY -> Answer.json(200, "null");
            case ERROR_BODY -> errorBody(openAi);
            case UNAUTHORIZED ->
                (openAi ? Refusal.badKey().answer() : StudioRefusal.badKey().answer());
            case FORBIDDEN ->
                (openAi
                        ? Refusal.missingScope().answer()
                        : StudioRefusal.forbidden().answer());
            case NOT_FOUND ->
                (openAi
                        ? Refusal.noSuchPath(ask.path()).answer()
                        : StudioRefusal.notFound().answer());
            case REDIRECT -> Answer.json(307, "").withHeader("location", "http://192.0.2.1/elsewhere");
            default -> broken(openAi, 500);
        };
    }

    private static Answer tooFast(boolean openAi) {
        return openAi ? Refusal.tooFast().answer() : StudioRefusal.tooFast();
    }

    private static Answer broken(boolean openAi, int status) {
        return openAi
                ? Refusal.broken(status).answer()
                : StudioRefusal.broken(status).answer();
    }

    private static Answer errorBody(boolean openAi) {
        Answer error = broken(openAi, 500);
        return new Answer(200, Map.copyOf(error.headers()), error.body());
    }
}
