package io.usagestream.cli;

import io.usagestream.config.Settings;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Looks whether the service would start and could read: everything that is wrong at once. */
@Command(
        name = "check",
        description = {
            "Checks the configuration, the credentials (one cheap request a source), topics, brokers and registry.",
            "Shows the first rows of each source as they would be published. Publishes and creates nothing. Everything that is wrong is said at once; exit status 2 then."
        })
final class CheckCommand implements Callable<Integer> {
    /** Every part has a bound of its own below this. */
    private static final Duration LIMIT = Duration.ofSeconds(180);

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = config.read();
        Vertx vertx = Vertx.vertx();
        try {
            return report(Waiting.forIt(new Preflight(vertx, settings).run(), LIMIT));
        } finally {
            vertx.close();
        }
    }

    private int report(List<Finding> findings) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        findings.stream().filter(f -> f.severity() == Finding.Severity.FINE).forEach(out::println);
        out.flush();
        findings.stream().filter(f -> f.severity() != Finding.Severity.FINE).forEach(err::println);
        long wrong = findings.stream()
                .filter(f -> f.severity() == Finding.Severity.WRONG)
                .count();
        if (wrong == 0) {
            out.println("nothing is wrong");
            return ExitStatus.OK;
        }
        err.println("usagestream: " + wrong + (wrong == 1 ? " problem" : " problems"));
        return ExitStatus.CONFIGURATION;
    }
}
