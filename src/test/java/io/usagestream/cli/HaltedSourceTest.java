package io.usagestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.dev.upstream.ledger.Meter;
import io.usagestream.dev.upstream.ledger.Usage;
import io.usagestream.stream.Grain;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands that wait for a source which nobody can read say so and end. */
class HaltedSourceTest {
    @TempDir
    Path folder;

    private CommandStage stage() throws Exception {
        return new CommandStage(
                folder,
                Duration.ofDays(1),
                "{embeddings: {bucket-width: 1h, group-by: [project_id, model]}}",
                "{model-usages: {}}");
    }

    @Test
    @Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aBackfillOfARefusedSourceSaysWhyAndEnds() throws Exception {
        try (CommandStage stage = stage()) {
            stage.catchUp();
            stage.spoilKey(true);

            assertGivenUp(backfill(stage)); // done by the command itself

            Engine service = stage.service();
            assertGivenUp(backfill(stage)); // done by the owner
            stage.stop(service);

            stage.spoilKey(false);
            CommandStage.Said said = backfill(stage);
            assertThat(said.status()).as(said.err()).isEqualTo(ExitStatus.OK);
        }
    }

    @Test
    @Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aRepairByAnOwnerWhoIsRefusedSaysWhyAndEnds() throws Exception {
        try (CommandStage stage = stage()) {
            stage.catchUp();
            Instant to = Grain.HOUR.floor(stage.ledger().asOf());
            List<Usage> pieces = stage.ledger().pieces(1, Meter.EMBEDDINGS, stage.start(), to);
            stage.ledger().strike(1, pieces.get(0));
            stage.spoilKey(true);
            Engine service = stage.service();
            stage.spoilKey(false);

            CommandStage.Said said = stage.run(
                    "reconcile",
                    "--source",
                    "acme-1",
                    "--from",
                    stage.start().toString(),
                    "--to",
                    to.toString(),
                    "--repair");

            stage.stop(service);
            assertGivenUp(said);
        }
    }

    @Test
    @Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aBackfillOfWhatUpstreamNoLongerKeepsSaysSoAndMayBeAskedForAgain() throws Exception {
        try (CommandStage stage = stage()) {
            stage.catchUp();
            Engine service = stage.service();
            for (int i = 0; i < 2; i++) {
                CommandStage.Said said = stage.run(
                        "backfill",
                        "--source",
                        "acme-1",
                        "--from",
                        stage.start().minus(Duration.ofDays(500)).toString(),
                        "--to",
                        stage.start().minus(Duration.ofDays(498)).toString());
                assertThat(said.status()).as(said.err()).isEqualTo(ExitStatus.FAILED);
                assertThat(said.err()).contains("Asked for", "given up: acme-1/embeddings at ", "bad_request");
            }
            assertThat(backfill(stage).status()).isEqualTo(ExitStatus.OK);
            stage.stop(service);
        }
    }

    private static CommandStage.Said backfill(CommandStage stage) {
        Instant to = stage.start();
        String from = to.minus(Duration.ofDays(2)).toString();
        return stage.run("backfill", "--source", "acme-1", "--from", from, "--to", to.toString());
    }

    private static void assertGivenUp(CommandStage.Said said) {
        assertThat(said.status()).as(said.err()).isEqualTo(ExitStatus.FAILED);
        assertThat(said.err())
                .contains("acme-1/embeddings is halted: auth_rejected")
                .contains("acme-1/embeddings (auth_rejected) cannot be read, so there is nothing to wait for")
                .doesNotContain("Done");
    }
}
