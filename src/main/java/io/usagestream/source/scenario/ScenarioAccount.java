package io.usagestream.source.scenario;

import io.usagestream.source.Drift;
import io.usagestream.source.Secret;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.StreamSettings;
import io.usagestream.source.Upstream;
import io.usagestream.source.UserNames;
import io.usagestream.source.http.Account;
import io.usagestream.source.http.Answer;
import io.usagestream.source.http.ErrorInstead;
import io.usagestream.source.http.Limits;
import io.usagestream.source.json.Redaction;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** One account: each kind of request to its own decoder. */
final class ScenarioAccount implements Upstream {
    private final Secret key;
    private final Secret secret;
    private final Requests requests;
    private final Account account;
    private final InstantSource clock;
    private final Redaction redaction;
    private final UserNames users;
    private final Drift drift;
    private final Map<Split, StreamSettings> streams = new HashMap<>();

    ScenarioAccount(Vertx vertx, SourceSettings settings, Limits limits, InstantSource clock) {
        this.key = Objects.requireNonNull(settings.credentials().get(Scenario.API_KEY), "an API key is needed");
        this.secret = Objects.requireNonNull(settings.credentials().get(Scenario.API_SECRET), "its secret is needed");
        this.requests = new Requests(settings);
        this.clock = clock;
        this.redaction = new Redaction(settings.secrets());
        this.drift = new Drift(settings.name(), redaction::opaque);
        this.users = new UserNames(settings.userIdMode());
        this.account = new Account(vertx, settings, limits, redaction, new ScenarioDialect(), clock);
        settings.streams().forEach(stream -> streams.put(stream.split(), stream));
    }

    @Override
    public Future<Page> read(PageRequest request, Runnable arrived) {
        StreamSettings stream = streams.get(request.split());
        if (stream == null) {
            return Future.failedFuture(new IllegalArgumentException("no such stream: " + request.split()));
        }
        if (request instanceof PageRequest.Buckets buckets) {
            return get(
                    stream,
                    requests.series(stream, buckets),
                    arrived,
                    answer -> series(stream, buckets.window(), answer));
        }
        if (request instanceof PageRequest.Log log) {
            ActivityDecoder decoder = new ActivityDecoder(users, redaction, drift);
            return get(
                    stream,
                    requests.activity(stream, log),
                    arrived,
                    answer -> decoder.decode(answer.body(), answer.date(), clock.instant()));
        }
        PageRequest.Entities entities = (PageRequest.Entities) request;
        EntitiesDecoder decoder = new EntitiesDecoder(new Wanted(stream.fields()), redaction, drift);
        return get(
                stream,
                requests.entities(stream, entities),
                arrived,
                answer -> decoder.decode(answer.body(), entities.window(), answer.date()));
    }

    private Page series(StreamSettings stream, Window window, Answer answer) throws ErrorInstead {
        Section section = Section.ofStream(stream.type().name())
                .orElseThrow(() -> new IllegalArgumentException("no series: " + stream.split()));
        if (section == Section.CONSUMPTION) {
            ConsumptionDecoder decoder = new ConsumptionDecoder(users, redaction, drift);
            return decoder.decode(answer.body(), window, answer.date());
        }
        SeriesDecoder decoder = new SeriesDecoder(section, redaction, users.plain(), drift);
        return decoder.decode(answer.body(), window, answer.date(), clock.instant());
    }

    private Future<Page> get(StreamSettings stream, String path, Runnable arrived, Account.Decoding decoding) {
        return account.get(stream.split(), path, this::authorization, decoding, arrived);
    }

    private String authorization() {
        byte[] pair = (key.reveal() + ":" + secret.reveal()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
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
