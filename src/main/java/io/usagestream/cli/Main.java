package io.usagestream.cli;

import ch.qos.logback.classic.Level;
import io.usagestream.config.ConfigurationException;
import io.usagestream.envelope.UnreadableException;
import io.usagestream.query.SchemaUnknownException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program: reads the command line, runs one command, says by its exit status how it went. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Logs.configure(false, Level.INFO);
        Thread.setDefaultUncaughtExceptionHandler(Main::uncaught);
        Shutdown.exit(commandLine().execute(arguments));
    }

    /** All commands of this class path. */
    static CommandLine commandLine() {
        Usagestream usagestream = new Usagestream();
        CommandLine line = new CommandLine(usagestream);
        line.addSubcommand(new RunCommand());
        line.addSubcommand(new CheckCommand());
        line.addSubcommand(new TailCommand());
        line.addSubcommand(new UsageCommand());
        line.addSubcommand(new BackfillCommand());
        line.addSubcommand(new ReconcileCommand());
        line.addSubcommand(new RecoverCommand());
        for (CommandSet set : ServiceLoader.load(CommandSet.class)) {
            set.commands().forEach(line::addSubcommand);
        }
        line.addSubcommand(new CompletionCommand());
        line.addSubcommand(CommandLine.HelpCommand.class);
        everywhere(line);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        line.setExecutionStrategy(parsed -> run(usagestream, parsed));
        line.setParameterExceptionHandler((e, given) -> wrongLine(e));
        line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, command));
        line.registerConverter(Duration.class, DurationConverter::convert);
        return line;
    }

    /** Help and version with every command, also with those of other jars. */
    private static void everywhere(CommandLine line) {
        if (!line.getCommandSpec().mixinStandardHelpOptions()) {
            line.getCommandSpec().mixinStandardHelpOptions(true);
        }
        line.getCommandSpec().versionProvider(new Version());
        line.getSubcommands().values().forEach(Main::everywhere);
    }

    private static int run(Usagestream usagestream, ParseResult parsed) {
        usagestream.logs().apply();
        return new CommandLine.RunLast().execute(parsed);
    }

    /** A bug, unless it is a thread that was still at work when a stop took away what it works for. It is a line of the log like others. */
    static void uncaught(Thread thread, Throwable thrown) {
        Logger log = LoggerFactory.getLogger(Main.class);
        (Shutdown.begun() ? log.atDebug() : log.atError())
                .addKeyValue("thread", thread.getName())
                .setCause(thrown)
                .log("a thread ended unexpectedly");
    }

    private static int wrongLine(ParameterException e) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("usagestream: " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitStatus.CONFIGURATION;
    }

    private static int failed(Exception e, CommandLine command) {
        PrintWriter err = command.getErr();
        if (e instanceof ConfigurationException wrong) {
            err.println("usagestream: the configuration cannot be used (" + wrong.origin() + "):");
            wrong.problems().forEach(problem -> err.println("  " + problem));
            return ExitStatus.CONFIGURATION;
        }
        if (e instanceof CommandException said) {
            err.println("usagestream: " + said.getMessage());
            return said.status();
        }
        if (e instanceof SchemaUnknownException || e instanceof UnreadableException) {
            err.println("usagestream: a record cannot be read: " + e.getMessage());
            return ExitStatus.FAILED;
        }
        Logger log = LoggerFactory.getLogger(Main.class);
        err.println("usagestream: failed unexpectedly: " + e
                + (log.isDebugEnabled() ? "" : "; run it again with --log-level debug to see where"));
        log.atDebug().setCause(e).log("where it failed");
        return ExitStatus.FAILED;
    }
}
