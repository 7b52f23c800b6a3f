package io.usagestream.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command without a command: says what there is. */
@Command(
        name = "usagestream",
        description = {
            "Polls the usage APIs of AI providers and publishes what it learns to Kafka as Avro, exactly once, with corrections.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommandsRepeatable = false,
        versionProvider = Version.class,
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%n",
        footer = {
            "Exit status: 0 done, 2 the configuration or the command line is wrong, 1 anything else failed.",
            "Every command explains itself: usagestream COMMAND --help"
        })
final class Usagestream implements Runnable {
    @Mixin
    private LogOptions logs = new LogOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    LogOptions logs() {
        return logs;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
