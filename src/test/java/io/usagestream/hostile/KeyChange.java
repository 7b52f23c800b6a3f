package io.usagestream.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A key that is replaced in its file, one that is revoked, and its successor, while the service runs. */
final class KeyChange {
    private static final Duration SOON = Duration.ofSeconds(15);

    /** A request that was under way when the file changed may still carry the key before. */
    private static final long UNDER_WAY = Duration.ofMillis(500).toNanos();

    private final HostileUpstream upstream;
    private final Service service;
    private final Watch watch;

    KeyChange(HostileUpstream upstream, Service service, Watch watch) {
        this.upstream = upstream;
        this.service = service;
        this.watch = watch;
    }

    /** Plays it all and says how it went. */
    String play() throws Exception {
        String first = Canaries.of(CalmAndKeys.KEYS).key();
        String second = CalmAndKeys.key("-second");
        String third = CalmAndKeys.key("-third");

        upstream.accept(first, second);
        service.replaceKey(CalmAndKeys.KEYS, second);
        long swapped = System.nanoTime();
        HostileProcessTest.await(
                "the second key", SOON, () -> since(swapped, second).size() > 3);
        List<HostileUpstream.Request> late = since(swapped + UNDER_WAY, first);
        List<HostileUpstream.Request> fresh = since(swapped, second);

        upstream.accept(third);
        long revoked = System.nanoTime();
        HostileProcessTest.await("halted", SOON, () -> state("halted") == 1);
        long halted = System.nanoTime();
        Thread.sleep(4_000);
        String status = watch.get("/api/status");
        String ready = watch.get("/health/ready");
        List<HostileUpstream.Request> refused = since(revoked, second);
        int shown = refused.size();
        // each full second that an answer took lets one more request pass: on a machine that stands still, not
        // elsewhere
        int slow = shown < 2
                ? 0
                : (int) Duration.ofNanos(
                                refused.get(shown - 1).nanos() - refused.get(0).nanos())
                        .toSeconds();

        service.replaceKey(CalmAndKeys.KEYS, third);
        long replaced = System.nanoTime();
        HostileProcessTest.await("running again", SOON, () -> state("running") == 1);
        long recovered = System.nanoTime();

        assertThat(fresh).as("requests with the second key").isNotEmpty();
        assertThat(late).as("requests with the first key after it was replaced").isEmpty();
        assertThat(shown).as("requests with a revoked key").isBetween(1, 2 + slow);
        assertThat(since(revoked, second)).as("and no more later").hasSize(shown);
        assertThat(halted - revoked).as("halted").isLessThan(SOON.toNanos());
        String halt = "\"name\":\"keys\",\"provider\":\"openai\",\"state\":\"halted\"";
        assertThat(status.contains(halt))
                .as("the status says that the source is halted")
                .isTrue();
        assertThat(ready).as("one source's key makes nobody unready").contains("\"up\"");
        assertThat(recovered - replaced).as("recovered").isLessThan(SOON.toNanos());
        return String.format(
                Locale.ROOT,
                "hostile: a key replaced in its file was carried by the next request, %.0f ms later; a revoked one was shown"
                        + " %d times by %d streams, halted after %.0f ms, running %.0f ms after its file changed",
                (fresh.get(0).nanos() - swapped) / 1e6,
                shown,
                CalmAndKeys.STREAMS.size(),
                (halted - revoked) / 1e6,
                (recovered - replaced) / 1e6);
    }

    private double state(String state) {
        return watch.value("usagestream_source_state", Map.of("source", CalmAndKeys.KEYS, "state", state));
    }

    private List<HostileUpstream.Request> since(long nanos, String key) {
        return upstream.requests(CalmAndKeys.KEYS).stream()
                .filter(request ->
                        request.nanos() >= nanos && request.authorization().equals("Bearer " + key))
                .toList();
    }
}
