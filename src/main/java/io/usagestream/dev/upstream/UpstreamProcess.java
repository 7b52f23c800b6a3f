package io.usagestream.dev.upstream;

import io.usagestream.dev.upstream.fault.Fault;
import io.usagestream.dev.upstream.ledger.LedgerSettings;
import io.vertx.core.Vertx;
import java.time.Clock;

/**
 * The simulated upstream as a process of its own. It prints one line, {@code base-url=…}, when it serves, and runs until it is
 * signalled.
 *
 * <p>Arguments: {@code port=8090}, {@code seed=1}, {@code accounts=3}, {@code pace=100}, {@code faults=all}.
 */
public final class UpstreamProcess {
    private UpstreamProcess() {}

    public static void main(String[] arguments) {
        UpstreamSettings settings = UpstreamSettings.of(LedgerSettings.of(1, 1));
        for (String argument : arguments) {
            settings = apply(settings, argument);
        }
        Vertx vertx = Vertx.vertx();
        SimulatedUpstream.start(vertx, settings, Clock.systemUTC())
                .onSuccess(upstream -> System.out.println("base-url=" + upstream.baseUrl()))
                .onFailure(e -> {
                    System.err.println("the simulated upstream cannot start: " + e.getMessage());
                    vertx.close();
                });
    }

    private static UpstreamSettings apply(UpstreamSettings settings, String argument) {
        int equals = argument.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("not name=value: " + argument);
        }
        String value = argument.substring(equals + 1);
        LedgerSettings ledger = settings.ledger();
        return switch (argument.substring(0, equals)) {
            case "port" -> settings.onPort(Integer.parseInt(value));
            case "seed" -> settings.with(ledger.withSeed(Long.parseLong(value)));
            case "accounts" -> settings.with(ledger.withAccounts(Integer.parseInt(value)));
            case "pace" -> settings.with(ledger.withPace(Integer.parseInt(value)));
            case "faults" -> settings.with(Fault.parse(value));
            default -> throw new IllegalArgumentException("unknown argument: " + argument);
        };
    }
}
