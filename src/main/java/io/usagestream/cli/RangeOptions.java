package io.usagestream.cli;

import io.usagestream.stream.Window;
import java.time.Instant;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A half-open range of event time. */
final class RangeOptions {
    @Option(
            names = "--from",
            paramLabel = "T",
            required = true,
            converter = TimeConverter.class,
            description = "where the range begins: 2026-11-01 or 2026-11-01T00:00:00Z")
    private Instant from = Instant.EPOCH;

    @Option(
            names = "--to",
            paramLabel = "T",
            required = true,
            converter = TimeConverter.class,
            description = "where it ends, not included")
    private Instant to = Instant.EPOCH;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /** @throws ParameterException if it does not begin before it ends */
    Window window() {
        if (!from.isBefore(to)) {
            throw new ParameterException(command.commandLine(), "--from " + from + " must lie before --to " + to);
        }
        return new Window(from, to);
    }
}
