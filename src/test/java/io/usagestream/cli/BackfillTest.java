package io.usagestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.dev.audit.Audit;
import io.usagestream.dev.upstream.ledger.Temper;
import io.usagestream.ingest.Observer;
import io.usagestream.ingest.SplitStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ninety days of history beside live work, with everything stopped in the middle that can be. */
class BackfillTest {
    private static final Duration POLL = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    /** The longest time between two reads of a split's hot end. */
    private static final class Lag implements Observer {
        private final Map<String, Instant> last = new ConcurrentHashMap<>();
        private final Map<String, Duration> longest = new ConcurrentHashMap<>();

        @Override
        public void split(SplitStatus status) {
            String split = status.split().name();
            status.hotReadAt().ifPresent(at -> {
                Instant before = last.put(split, at);
                if (before != null) {
                    longest.merge(split, Duration.between(before, at), (a, b) -> a.compareTo(b) > 0 ? a : b);
                }
            });
        }
    }

    @Test
    void ninetyDaysInterruptedThreeTimesBesideLiveWorkAreThereOnceAndTheHotEndIsNotDelayed() throws Exception {
        try (CommandStage stage = new CommandStage(
                folder,
                Duration.ofDays(1),
                "{embeddings: {bucket-width: 1h, group-by: [project_id, model]}}",
                "{model-usages: {}}",
                600,
                POLL,
                Temper.CALM)) {
            stage.ledger().freeze();
            Instant from = stage.start().minus(Duration.ofDays(90));
            stage.catchUp();
            Lag before = new Lag();
            Engine service = stage.service(before);
            interrupted(stage, from, "Asked for");
            interrupted(stage, from, "Going on with");
            stage.stop(service);
            Lag after = new Lag();
            service = stage.service(after);
            interrupted(stage, from, "Going on with");

            CommandStage.Said said = backfill(stage, from);

            stage.stop(service);
            assertThat(said.status()).as(said.err()).isZero();
            assertThat(said.err()).contains("Going on with", "the running service reads it", "Done");
            assertThat(stage.audit(from))
                    .filteredOn(of -> of.split().source().equals("studio-1"))
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding).matches(Audit.Finding::equal);
                        assertThat(finding.found()).isGreaterThan(1_000);
                    });
            assertThat(before.longest).hasSize(2);
            assertThat(before.longest.values())
                    .allSatisfy(lag -> assertThat(lag).isLessThan(POLL.multipliedBy(2)));
            assertThat(after.longest.values()).allSatisfy(lag -> assertThat(lag).isLessThan(POLL.multipliedBy(2)));
        }
    }

    @Test
    void aServiceThatStartsBesideABackfillOwnsAllLanesAndEndsIt() throws Exception {
        try (CommandStage stage = new CommandStage(
                folder,
                Duration.ofDays(1),
                "{embeddings: {bucket-width: 1h, group-by: [project_id, model]}}",
                "{model-usages: {}}",
                300,
                POLL,
                Temper.CALM)) {
            stage.ledger().freeze();
            Instant from = stage.start().minus(Duration.ofDays(45));
            stage.catchUp();
            CompletableFuture<CommandStage.Said> said = new CompletableFuture<>();
            new Thread(() -> said.complete(backfill(stage, from))).start();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> !stage.owners().isEmpty());

            Lag lag = new Lag();
            Engine service = stage.service(lag);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(lag.last).hasSize(2));
            assertThat(said).as("the backfill goes on").isNotDone();
            assertThat(said.get(90, TimeUnit.SECONDS).status())
                    .as(said.get().err())
                    .isZero();
            assertThat(said.get().err()).contains("no service is running", "Done");
            stage.stop(service);
        }
    }

    /** As Ctrl-C would: what was asked for goes on without the command. */
    private static void interrupted(CommandStage stage, Instant from, String first) throws Exception {
        CompletableFuture<CommandStage.Said> said = new CompletableFuture<>();
        Thread command = new Thread(() -> said.complete(backfill(stage, from)));
        command.start();
        Thread.sleep(3_000);
        assertThat(said).isNotDone();
        command.interrupt();
        assertThat(said.get(30, TimeUnit.SECONDS).status()).isEqualTo(ExitStatus.FAILED);
        assertThat(said.get().err()).contains(first);
    }

    private static CommandStage.Said backfill(CommandStage stage, Instant from) {
        return stage.run(
                "backfill",
                "--source",
                "studio-1",
                "--from",
                from.toString(),
                "--to",
                stage.start().toString());
    }
}
