package io.usagestream.source.openai;

import io.usagestream.source.Drift;
import io.usagestream.source.Secret;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.StreamSettings;
import io.usagestream.source.Upstream;
import io.usagestream.source.UserNames;
import io.usagestream.source.http.Account;
import io.usagestream.source.http.Limits;
import io.usagestream.source.json.Redaction;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Split;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One organization: its streams, each with its requests and its pages. */
final class OpenAiAccount implements Upstream {
    private final Secret key;
    private final Account account;
    private final InstantSource clock;
    private final Drift drift;
    private final Map<Split, Stream> streams = new HashMap<>();

    private record Stream(String path, Requests requests, PageDecoder pages) {}

    OpenAiAccount(Vertx vertx, SourceSettings settings, Limits limits, InstantSource clock) {
        this.key = Objects.requireNonNull(settings.credentials().get(OpenAi.ADMIN_KEY), "an admin key is needed");
        this.clock = clock;
        UserNames users = new UserNames(settings.userIdMode());
        Redaction redaction = new Redaction(settings.secrets());
        this.drift = new Drift(settings.name(), redaction::opaque);
        this.account = new Account(vertx, settings, limits, redaction, new OpenAiDialect(), clock);
        for (StreamSettings stream : settings.streams()) {
            Endpoint endpoint = Catalogue.endpoint(stream.type());
            List<String> groupBy = stream.groupBy().stream()
                    .filter(name -> !users.dropped() || !name.equals("user_id"))
                    .toList();
            streams.put(
                    stream.split(),
                    new Stream(
                            stream.type().path(),
                            new Requests(endpoint, stream.width(), groupBy, settings.projectIds(), settings.userIds()),
                            new PageDecoder(endpoint, groupBy, stream.width(), users, redaction, drift)));
        }
    }

    @Override
    public Future<Page> read(PageRequest request, Runnable arrived) {
        Stream stream = streams.get(request.split());
        if (stream == null || !(request instanceof PageRequest.Buckets buckets)) {
            return Future.failedFuture(new IllegalArgumentException("no such stream: " + request.split()));
        }
        return account.get(
                request.split(),
                stream.requests().path(buckets, stream.path()),
                () -> "Bearer " + key.reveal(),
                answer -> stream.pages().read(answer.body(), buckets.window(), answer.date(), clock.instant()),
                arrived);
    }

    @Override
    public long received() {
        return account.received();
    }

    @Override
    public Drift drift() {
        return drift;
    }

    @Override
    public Future<Void> close() {
        return account.close();
    }
}
