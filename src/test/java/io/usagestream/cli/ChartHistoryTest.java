package io.usagestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.usagestream.dev.upstream.ledger.Meter;
import io.usagestream.dev.upstream.ledger.Quantity;
import io.usagestream.dev.upstream.ledger.Truth;
import io.usagestream.dev.upstream.ledger.Usage;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The console's charts after a restart. */
class ChartHistoryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void chartsShowWhatWasPublishedBeforeTheStartAndWhatComesAfterwardsOnce() throws Exception {
        try (CommandStage stage = new CommandStage(
                folder,
                Duration.ofDays(3),
                "{embeddings: {bucket-width: 1h, group-by: [model]},"
                        // the same usage, which does not count twice
                        + " by-user: {path: /organization/usage/embeddings, bucket-width: 1h, group-by: [user_id, model]}}",
                "{model-usages: {}}")) {
            stage.catchUp();
            BigDecimal before = used(stage);
            assertThat(before).isPositive();

            ListAppender<ILoggingEvent> clients = new ListAppender<>();
            clients.start();
            Logger kafka = (Logger) LoggerFactory.getLogger("org.apache.kafka.clients.consumer");
            kafka.addAppender(clients);
            Engine engine = stage.serviceWithHistory();
            await(engine, before);
            kafka.detachAppender(clients);
            assertThat(List.copyOf(clients.list))
                    .as("a start at which nothing is wrong")
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .noneMatch(said -> said.contains("no longer assigned"));
            grow(stage);
            BigDecimal after = used(stage);
            assertThat(after).isGreaterThan(before);
            await(engine, after);

            stage.stop(engine);
        }
    }

    /** One more piece of usage in the newest hour. */
    private static void grow(CommandStage stage) {
        Instant at = Grain.HOUR.floor(stage.ledger().asOf());
        List<Optional<String>> dimensions = Meter.EMBEDDINGS.allDimensions().stream()
                .map(name -> Optional.of("new"))
                .toList();
        stage.ledger().add(1, new Usage(-1, Meter.EMBEDDINGS, at.getEpochSecond(), dimensions, new long[] {1_234, 5}));
    }

    private static BigDecimal used(CommandStage stage) {
        Window all = new Window(stage.start(), Grain.HOUR.ceil(stage.ledger().asOf()));
        return new Truth(stage.ledger())
                .usage(1, Meter.EMBEDDINGS, Grain.HOUR, List.of("model"), all).stream()
                        .flatMap(row -> Optional.ofNullable(row.measures().get("input_tokens")).stream())
                        .map(Quantity::amount)
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static void await(Engine engine, BigDecimal tokens) throws Exception {
        Instant deadline = Instant.now().plus(PATIENCE);
        BigDecimal shown = tokens(engine);
        while (shown.compareTo(tokens) != 0) {
            assertThat(Instant.now()).as("%s shown, %s used", shown, tokens).isBefore(deadline);
            assertThat(shown).isLessThanOrEqualTo(tokens);
            Thread.sleep(200);
            shown = tokens(engine);
        }
    }

    /** All tokens of the console's chart of tokens. */
    private static BigDecimal tokens(Engine engine) throws Exception {
        URI status = URI.create(engine.console().orElseThrow() + "api/status");
        JsonNode said = new ObjectMapper()
                .readTree(HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(status).build(), BodyHandlers.ofString())
                        .body());
        assertThat(said.get("usage_since_start_only").asBoolean()).isFalse();
        return StreamSupport.stream(said.get("usage").spliterator(), false)
                .filter(chart -> chart.get("id").asText().equals("tokens-tokens"))
                .flatMap(chart -> StreamSupport.stream(chart.get("series").spliterator(), false))
                .flatMap(series -> StreamSupport.stream(series.get("values").spliterator(), false))
                .map(value -> new BigDecimal(value.asText()))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
