package io.usagestream.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.chaos.Child;
import io.usagestream.cli.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The whole demo as a process, with everything wrong upstream that can be survived: at the end nothing is lost or doubled. */
@Tag("chaos")
class DemoFaultsTest {
    private static final String TIME = System.getProperty("demo.for", "10s");

    /** The audit waits for sweeps that upstream's faults hold up. */
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    @Test
    void with_all_faults_the_audit_is_equal() throws Exception {
        Path folder = Files.createDirectories(Path.of("target", "hostile").toAbsolutePath());
        Path run = Files.createTempDirectory(folder, "demo-");
        long began = System.nanoTime();
        List<String> arguments = List.of("demo", "--faults", "all", "--for", TIME, "--port", "0");
        try (Child demo = Child.start(run, "demo", "512m", Main.class.getName(), arguments)) {
            var status = demo.exit(PATIENCE);
            List<String> lines = demo.lines();
            assertThat(status).as(String.join("\n", lines)).hasValue(0);
            List<String> audit =
                    lines.stream().filter(line -> line.contains("equal")).toList();
            assertThat(audit).as("the verdict is said").isNotEmpty();
            System.out.printf(
                    Locale.ROOT,
                    "hostile: demo --faults all --for %s: exit status 0 after %.0f s: %s%n",
                    TIME,
                    (System.nanoTime() - began) / 1e9,
                    audit.get(audit.size() - 1).strip());
        }
    }
}
