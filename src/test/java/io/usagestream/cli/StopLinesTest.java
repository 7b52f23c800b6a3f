package io.usagestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.chaos.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log tells a clean stop from a kill. */
class StopLinesTest {
    @TempDir
    Path folder;

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void a_signal_leaves_a_line_when_the_stop_begins_and_one_when_it_is_done() throws Exception {
        Path file = Files.writeString(folder.resolve("config.yaml"), """
                kafka: {bootstrap.servers: "127.0.0.1:1", default.api.timeout.ms: 1000, request.timeout.ms: 500}
                http: {port: 0}
                sources:
                  - {name: acme, provider: openai, base-url: "http://127.0.0.1:1/v1", admin-key: sk-admin-1}
                """);
        Child run =
                Child.start(folder, "run", "128m", Main.class.getName(), List.of("run", "--config", file.toString()));
        try {
            while (run.lines().stream().noneMatch(line -> line.contains("waiting for it"))) {
                assertThat(run.alive()).isTrue();
                Thread.sleep(50);
            }
            assertThat(run.lines())
                    .anySatisfy(line -> assertThat(line)
                            .contains("no broker answers that speaks PLAINTEXT", "kafka.security.protocol"));
            run.terminate();

            assertThat(run.exit(Duration.ofSeconds(20))).hasValue(ExitStatus.OK);
            assertThat(run.lines())
                    .filteredOn(line -> line.contains("stopp"))
                    .satisfiesExactly(
                            line -> assertThat(line).contains("INFO", "stopping"),
                            line -> assertThat(line).contains("INFO", "stopped", "took_ms="));
        } finally {
            run.kill();
        }
    }
}
