package io.usagestream.dev;

import io.usagestream.cli.CommandException;
import io.usagestream.cli.ExitStatus;
import io.usagestream.cli.Shutdown;
import io.usagestream.dev.upstream.SimulatedUpstream;
import io.usagestream.dev.upstream.UpstreamSettings;
import io.usagestream.dev.upstream.fault.Fault;
import io.usagestream.dev.upstream.ledger.LedgerSettings;
import io.usagestream.dev.upstream.openai.OpenAiApi;
import io.usagestream.dev.upstream.scenario.ScenarioApi;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The simulated upstream alone. */
@Command(
        name = "upstream",
        description = "The simulated upstream alone: both usage APIs over one invented ledger, until interrupted.")
final class UpstreamCommand implements Callable<Integer> {
    @Option(
            names = "--host",
            paramLabel = "H",
            defaultValue = "127.0.0.1",
            description = "the address that it listens on; 0.0.0.0 in a container (default: ${DEFAULT-VALUE})")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "P",
            description = "where it listens; 0: any free port (default: ${DEFAULT-VALUE})")
    private int port = 8090;

    @Option(names = "--seed", paramLabel = "S", description = "same seed, same usage (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(
            names = "--accounts",
            paramLabel = "N",
            description = "accounts of each kind, numbered from 1 (default: ${DEFAULT-VALUE})")
    private int accounts = 3;

    @Option(
            names = "--faults",
            paramLabel = "LIST",
            description =
                    "what goes wrong: all, none, or names separated by commas, such as rate-limit,truncated (default: none)")
    private String faults = "none";

    @Option(
            names = "--spike",
            paramLabel = "DURATION",
            description =
                    "plant a spike in the first account's completions so long after the start, for an anomaly detector")
    private Optional<Duration> spike = Optional.empty();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        SimulatedUpstream upstream = start(vertx);
        Shutdown.onSignal(Duration.ofSeconds(5), () -> {
            upstream.close().toCompletionStage().toCompletableFuture().get();
            return ExitStatus.OK;
        });
        spike.ifPresent(after -> vertx.setTimer(
                Math.max(1, after.toMillis()), id -> upstream.ledger().spike(1, Instant.now())));
        PrintWriter out = spec.commandLine().getOut();
        out.println("The simulated upstream listens on " + upstream.baseUrl() + ", until interrupted.");
        for (int account = 1; account <= Math.min(accounts, 3); account++) {
            out.println("  account " + account + ": admin-key " + OpenAiApi.adminKey(account) + ", api-key "
                    + ScenarioApi.apiKey(account) + ", api-secret " + ScenarioApi.apiSecret(account));
        }
        out.flush();
        Thread.currentThread().join();
        return ExitStatus.OK;
    }

    private SimulatedUpstream start(Vertx vertx) throws InterruptedException {
        try {
            return SimulatedUpstream.start(vertx, settings(), Clock.systemUTC())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CommandException(
                    ExitStatus.FAILED,
                    "the simulated upstream cannot listen on " + host + ":" + port + ": " + cause.getMessage()
                            + "; choose another port with --port");
        }
    }

    private UpstreamSettings settings() {
        if (accounts < 1) {
            throw new ParameterException(spec.commandLine(), "--accounts is at least 1");
        }
        try {
            return UpstreamSettings.of(LedgerSettings.of(seed, accounts))
                    .onHost(host)
                    .onPort(port)
                    .with(Fault.parse(faults));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }
}
