package io.usagestream.chaos;

import io.usagestream.dev.upstream.UpstreamProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The simulated upstream as a process of its own. */
final class UpstreamChild implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Child process;
    private final String baseUrl;

    UpstreamChild(Path folder, Workload workload) {
        process = Child.start(
                folder,
                "upstream",
                "384m",
                UpstreamProcess.class.getName(),
                List.of(
                        "port=0",
                        "seed=" + workload.seed(),
                        "accounts=" + workload.accounts(),
                        "pace=" + workload.pace()));
        baseUrl = process.printed("base-url=", Duration.ofSeconds(60));
    }

    String baseUrl() {
        return baseUrl;
    }

    /** From that instant on nothing changes there any more. */
    Instant freeze() {
        String answer = ask("freeze");
        return Instant.ofEpochMilli(Long.parseLong(answer.replaceAll("\\D", "")));
    }

    void thaw() {
        ask("thaw");
    }

    private String ask(String what) {
        URI uri = URI.create(baseUrl.replaceAll("/v1$", "/_sim/") + what);
        try {
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
