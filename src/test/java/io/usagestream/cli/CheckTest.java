package io.usagestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.envelope.RecordType;
import io.usagestream.stream.Publication.PointRevision;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckTest {
    @TempDir
    Path folder;

    @Test
    void theFirstRowsAreShownAsTheyWouldBePublishedAndAreNot() throws Exception {
        try (CommandStage stage =
                new CommandStage(folder, Duration.ofDays(2), "{completions: {bucket-width: 1d}}", "{usages: {}}")) {
            CommandStage.Said said = stage.run("check");

            assertThat(said.status()).as(said.err()).isZero();
            assertThat(said.out())
                    .contains("it would publish", "rows of acme-1/completions", "rows of studio-1/usages");
            String id = said.lines().stream()
                    .filter(line -> line.contains("{\"id\":\"openai/acme-1/completions/1d/"))
                    .findFirst()
                    .orElseThrow()
                    .strip()
                    .split("\"", 5)[3];
            assertThat(stage.records(RecordType.POINT)).isEmpty();

            stage.catchUp();

            assertThat(stage.records(RecordType.POINT))
                    .anySatisfy(
                            point -> assertThat(((PointRevision) point).id()).isEqualTo(id));
        }
    }
}
