package io.usagestream.benchmark;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From the start of the process to ready, with an empty history and topics that are there; the first start, which makes them, does not count. */
@Tag("benchmark")
class StartBenchmark {
    private static final int ROUNDS = Integer.getInteger("bench.starts", 11);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofMillis(200)).build();

    @Test
    void fromTheStartOfTheProcessToReady() {
        List<Double> seconds = new ArrayList<>();
        String before = Bench.machine();
        try (Bench bench = new Bench(1, Duration.ZERO)) {
            for (int round = 0; round <= ROUNDS; round++) {
                int port = Bench.freePort();
                try (BenchProcess process = bench.service("start", 1, Instant.now(), port)) {
                    URI ready = URI.create("http://127.0.0.1:" + port + "/health/ready");
                    while (!isReady(ready)) {
                        if (!process.alive()) {
                            throw new IllegalStateException("it ended, see " + process);
                        }
                        BenchProcess.sleep(10);
                    }
                    if (round > 0) {
                        seconds.add((System.nanoTime() - process.started()) / 1e9);
                    }
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "start to ready: median %.2f s of %s; %s%n",
                Bench.median(seconds),
                seconds.stream().map(s -> String.format(Locale.ROOT, "%.2f", s)).toList(),
                before);
    }

    private static boolean isReady(URI uri) {
        try {
            return HTTP.send(
                                    HttpRequest.newBuilder(uri)
                                            .timeout(Duration.ofSeconds(1))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
