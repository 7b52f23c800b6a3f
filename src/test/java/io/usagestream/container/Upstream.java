package io.usagestream.container;

import io.usagestream.dev.upstream.SimulatedUpstream;
import io.usagestream.dev.upstream.UpstreamSettings;
import io.usagestream.dev.upstream.ledger.LedgerSettings;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.concurrent.TimeUnit;

/** The simulated upstream in this JVM, where the ledger can be asked, heard on the gateway of a container network. */
record Upstream(Vertx vertx, SimulatedUpstream simulated, String baseUrl) implements AutoCloseable {
    static Upstream on(String gateway, LedgerSettings ledger) throws Exception {
        Vertx vertx = Vertx.vertx();
        SimulatedUpstream simulated = SimulatedUpstream.start(
                        vertx, UpstreamSettings.of(ledger).onHost(gateway), Clock.systemUTC())
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        return new Upstream(vertx, simulated, "http://" + gateway + ":" + simulated.port() + "/v1");
    }

    @Override
    public void close() throws Exception {
        simulated.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
