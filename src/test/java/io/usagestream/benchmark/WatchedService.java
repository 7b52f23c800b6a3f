package io.usagestream.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A running service whose metrics are looked at. */
record WatchedService(BenchProcess process, int port, Path gcLog) implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    /** A question that is asked until it is true. */
    private interface Question {
        boolean holds(Scrape scrape);
    }

    static WatchedService start(Bench bench, String name, Fleet fleet, String prefix, List<String> jvm) {
        int port = Bench.freePort();
        String yaml = fleet.yaml(bench.bootstrapServers(), bench.baseUrl(), prefix, port);
        return new WatchedService(bench.service(name, yaml, jvm), port, bench.gcLog(name));
    }

    Scrape scrape() {
        return Scrape.of(port).orElseThrow(() -> new IllegalStateException("no metrics, see " + process));
    }

    /** Waits until that many sources run and all their splits have read the newest and their history; seconds since the start. */
    double awaitRunning(int sources, int splits) {
        return await(scrape -> scrape.sum("source_state", "state=\"running\"") >= sources
                && scrape.sum("requests_total", "result=\"ok\"") >= 2.0 * splits);
    }

    /** Waits until it owns lanes that run; seconds since the start of the process. */
    double awaitLanes(int lanes) {
        return await(scrape -> scrape.sum("restore_duration_seconds_count", "") >= lanes);
    }

    private double await(Question question) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - deadline < 0 && process.alive()) {
            Optional<Scrape> scrape = Scrape.of(port);
            if (scrape.filter(question::holds).isPresent()) {
                return (System.nanoTime() - process.started()) / 1e9;
            }
            BenchProcess.sleep(1_000); // to be looked at costs, too
        }
        throw new IllegalStateException("it did not get there, see " + process);
    }

    /** Bytes of the heap that are left when all of it has been collected. */
    long heapAfterCollection() {
        try {
            new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            String.valueOf(process.pid()),
                            "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        List<GcLog.Pause> full =
                GcLog.of(gcLog).pauses().stream().filter(GcLog.Pause::full).toList();
        if (full.isEmpty()) {
            throw new IllegalStateException("no collection in " + gcLog);
        }
        return full.get(full.size() - 1).after();
    }

    /** What a stretch of time cost and how it went. */
    record Stretch(double seconds, double cpuSeconds, Scrape before, Scrape after, double greatestLag) {
        double share() {
            return cpuSeconds / seconds;
        }

        double requests() {
            return after.sum("requests_total", "") - before.sum("requests_total", "");
        }

        /** As text: the histogram knows bounds only. */
        String loopDelay() {
            double bound = after.bound("event_loop_delay_seconds", before, 0.99);
            return bound > 1 ? "> 1 s" : String.format(Locale.ROOT, "≤ %.0f ms", bound * 1_000);
        }

        boolean loopDelayAtMost(Duration limit) {
            return after.bound("event_loop_delay_seconds", before, 0.99) <= limit.toMillis() / 1_000.0;
        }
    }

    /** Watches for so long; the lag is looked at every few seconds. */
    Stretch watch(Duration time, Duration everySoOften) {
        Scrape before = scrape();
        Duration cpu = process.cpu();
        long begin = System.nanoTime();
        double lag = 0;
        while (System.nanoTime() - begin < time.toNanos()) {
            long left = time.toMillis() - (System.nanoTime() - begin) / 1_000_000;
            BenchProcess.sleep(Math.max(1, Math.min(everySoOften.toMillis(), left)));
            lag = Math.max(lag, scrape().greatest("lag_seconds"));
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        double used = process.cpu().minus(cpu).toNanos() / 1e9;
        return new Stretch(seconds, used, before, scrape(), lag);
    }

    @Override
    public void close() {
        process.close();
    }
}
