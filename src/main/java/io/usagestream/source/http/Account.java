package io.usagestream.source.http;

import io.usagestream.source.Secret;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.UpstreamException;
import io.usagestream.source.json.Redaction;
import io.usagestream.stream.Page;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** One account over HTTP: sends, decodes where it does not hold anyone up, and has refused keys read again. */
public final class Account {
    /** Bodies up to this are decoded where they arrive: that costs a millisecond or less. */
    private static final int SMALL = 128 * 1024;

    /** Bodies above this are decoded before anything is asked for beside them: a few of them fill a small heap. */
    private static final int LARGE = 2 * 1024 * 1024;

    /** Decodes an answer that came with status 200. */
    public interface Decoding {
        Page decode(Answer answer) throws ErrorInstead;
    }

    private final Vertx vertx;
    private final List<Secret> secrets;
    private final RefusalMeaning meaning;
    private final CarefulClient client;

    public Account(
            Vertx vertx,
            SourceSettings settings,
            Limits limits,
            Redaction redaction,
            RefusalMeaning.Dialect dialect,
            InstantSource clock) {
        this.vertx = vertx;
        this.secrets = List.copyOf(settings.credentials().values());
        this.meaning = new RefusalMeaning(redaction, dialect);
        this.client = new CarefulClient(vertx, settings.baseUrl(), settings.proxy(), limits, meaning, clock);
    }

    /**
     * Sends one request and decodes its answer.
     *
     * @param split what is read
     * @param authorization the header's value, asked for when the credentials are the ones that hold now
     * @param arrived told when a good answer is there that takes a while to decode
     */
    public Future<Page> get(
            Split split, String path, Supplier<String> authorization, Decoding decoding, Runnable arrived) {
        return keysUpToDate()
                .compose(v -> client.get(split.name(), path, authorization.get()))
                .onFailure(this::refreshKeys)
                .compose(answer -> decode(answer, decoding, arrived));
    }

    /** Bytes of answers since it was opened, as they came over the wire. */
    public long received() {
        return client.received();
    }

    /** Cancels what is under way. */
    public Future<Void> close() {
        return client.close();
    }

    private Future<Void> keysUpToDate() {
        CompletableFuture<?>[] looks = secrets.stream()
                .map(secret -> secret.upToDate().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture<Void> all = CompletableFuture.allOf(looks);
        return all.isDone() ? Future.succeededFuture() : Future.fromCompletionStage(all, vertx.getOrCreateContext());
    }

    private Future<Page> decode(Answer answer, Decoding decoding, Runnable arrived) {
        if (answer.body().length > SMALL) {
            if (answer.body().length <= LARGE) {
                arrived.run();
            }
            return vertx.executeBlocking(() -> page(answer, decoding), false);
        }
        return Future.succeededFuture(answer).map(a -> page(a, decoding));
    }

    private Page page(Answer answer, Decoding decoding) {
        try {
            return decoding.decode(answer);
        } catch (ErrorInstead e) {
            RetryHeaders silent = new RetryHeaders(Optional.empty(), false);
            Refusal refusal = new Refusal(200, ErrorBody.of(answer.body()), silent, answer.date());
            throw new UpstreamException(meaning.ofGood(refusal));
        }
    }

    private void refreshKeys(Throwable cause) {
        if (cause instanceof UpstreamException failed && failed.failure().reason() == Reason.AUTH_REJECTED) {
            secrets.forEach(Secret::refresh);
        }
    }
}
