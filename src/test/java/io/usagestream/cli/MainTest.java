package io.usagestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
    private static final String CANARY = "sk-admin-canary-4711";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "check",
                "tail",
                "usage",
                "reconcile",
                "backfill",
                "recover",
                "demo",
                "upstream",
                "broker",
                "completion"
            })
    void everyCommandExplainsItself(String command) {
        assertThat(execute(command, "--help")).isEqualTo(ExitStatus.OK);

        assertThat(out.toString()).contains("usagestream " + command, "--log-format");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theProgramSaysItsVersionAndItsCommands() {
        assertThat(execute("--version")).isEqualTo(ExitStatus.OK);
        assertThat(execute("--help")).isEqualTo(ExitStatus.OK);

        assertThat(out.toString()).contains("usagestream ", "run", "check", "tail", "Exit status");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rnu",
                "run --confg x",
                "tail points --format xml",
                "tail points -n 0",
                "tail points -n -1",
                "tail nowhere",
                "demo --for soon",
                "demo --faults nope",
                "upstream --faults nope"
            })
    void aWrongCommandLineIsSaidWithoutAStackTrace(String text) throws IOException {
        String line = text.startsWith("tail") ? text + " --config " + config("http://127.0.0.1:1/v1") : text;

        assertThat(execute(line.split(" "))).isEqualTo(ExitStatus.CONFIGURATION);

        assertThat(err.toString()).startsWith("usagestream: ").doesNotContain("\tat ", "Exception");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void tailWithoutARecordToWaitForSaysSo() throws IOException {
        String line = "tail points -n 0 --config " + config("http://127.0.0.1:1/v1");

        assertThat(execute(line.split(" "))).isEqualTo(ExitStatus.CONFIGURATION);

        assertThat(err.toString()).startsWith("usagestream: -n must be at least 1, not 0");
    }

    @Test
    void noCommandIsAWrongCommandLine() {
        assertThat(execute()).isEqualTo(ExitStatus.CONFIGURATION);

        assertThat(err.toString()).startsWith("usagestream: which command?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "check", "tail points"})
    void aWrongConfigurationIsSaidByEveryCommandThatReadsIt(String command) throws IOException {
        Path file = config("http://far.example/v1");

        int status = execute((command + " --config=" + file).split(" "));

        assertThat(status).isEqualTo(ExitStatus.CONFIGURATION);
        assertThat(err.toString())
                .startsWith("usagestream: the configuration cannot be used (" + file + "):" + System.lineSeparator()
                        + "  line 5: sources[0].base-url: ")
                .doesNotContain(CANARY, "\tat ");
    }

    @Test
    void checkSaysEverythingThatCannotBeReachedAtOnce() throws IOException {
        Path file = config("http://127.0.0.1:1/v1");

        assertThat(execute("check", "--config", file.toString())).isEqualTo(ExitStatus.CONFIGURATION);

        assertThat(err.toString())
                .contains("wrong    sources[0].base-url: acme at http://127.0.0.1:1/v1: connect")
                .contains("wrong    kafka.bootstrap.servers: Kafka at 127.0.0.1:1: ")
                .contains("usagestream: 2 problems")
                .doesNotContain(CANARY, "\tat ");
    }

    @Test
    void completionIsAScript() {
        assertThat(execute("completion")).isEqualTo(ExitStatus.OK);

        assertThat(out.toString()).contains("_complete_usagestream");
    }

    private Path config(String baseUrl) throws IOException {
        return Files.writeString(folder.resolve("config.yaml"), """
                kafka: {bootstrap.servers: "127.0.0.1:1", default.api.timeout.ms: 1000, request.timeout.ms: 500}
                sources:
                  - name: acme
                    provider: openai
                    base-url: %s
                    admin-key: %s
                """.formatted(baseUrl, CANARY));
    }

    private int execute(String... arguments) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }
}
