package io.usagestream.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at the metrics of a process again and again, as Prometheus does, only more often. */
final class Watch implements AutoCloseable {
    private static final Pattern LINE = Pattern.compile("(\\w+)\\{([^}]*)} (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    private static final Duration INTERVAL = Duration.ofMillis(150);

    /** One line of the metrics. */
    record Reading(String metric, Map<String, String> labels, double value) {}

    /** How old the newest complete read of the calm source was. */
    record Lag(long nanos, double seconds) {}

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String base;
    private final String calm;
    private final List<Lag> lags = new CopyOnWriteArrayList<>();
    private final Map<Predicate<Reading>, Long> awaited = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::look, "watch");
    private volatile List<Reading> latest = List.of();
    private volatile boolean over;
    private volatile double mostHeap;

    Watch(String base, String calm) {
        this.base = base;
        this.calm = calm;
        thread.setDaemon(true);
        thread.start();
    }

    private void look() {
        while (!over) {
            try {
                List<Reading> readings = parse(get("/metrics"));
                long now = System.nanoTime();
                latest = readings;
                readings.forEach(reading -> take(reading, now));
                mostHeap = Math.max(
                        mostHeap,
                        readings.stream()
                                .filter(r -> r.metric().equals("usagestream_jvm_memory_used_bytes")
                                        && "heap".equals(r.labels().get("area")))
                                .mapToDouble(Reading::value)
                                .sum());
                Thread.sleep(INTERVAL.toMillis());
            } catch (UncheckedIOException e) {
                // counted as what it is: no sample
                continue;
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void take(Reading reading, long now) {
        if (reading.metric().equals("usagestream_lag_seconds")
                && calm.equals(reading.labels().get("source"))) {
            lags.add(new Lag(now, reading.value()));
        }
        awaited.forEach((wanted, seen) -> {
            if (seen == 0 && wanted.test(reading)) {
                awaited.put(wanted, now);
            }
        });
    }

    /** From now on remembers when that was first seen. */
    Predicate<Reading> await(Predicate<Reading> wanted) {
        awaited.put(wanted, 0L);
        return wanted;
    }

    /** When it was first seen, as {@link System#nanoTime} counts. */
    Optional<Long> seen(Predicate<Reading> wanted) {
        return Optional.ofNullable(awaited.get(wanted)).filter(at -> at != 0);
    }

    List<Reading> latest() {
        return latest;
    }

    /** What the metrics say of the requests of a source. */
    List<Reading> of(String source) {
        return latest.stream()
                .filter(r -> r.metric().equals("usagestream_requests_total")
                        && source.equals(r.labels().get("source")))
                .toList();
    }

    /** The value of the first line like that now; 0 without one. */
    double value(String metric, Map<String, String> labels) {
        return latest.stream()
                .filter(r -> r.metric().equals(metric) && r.labels().entrySet().containsAll(labels.entrySet()))
                .mapToDouble(Reading::value)
                .sum();
    }

    List<Double> lags(long from, long to) {
        List<Double> sorted = new ArrayList<>();
        lags.stream().filter(l -> l.nanos() >= from && l.nanos() <= to).forEach(l -> sorted.add(l.seconds()));
        sorted.sort(Double::compare);
        return sorted;
    }

    double mostHeap() {
        return mostHeap;
    }

    String get(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<Reading> parse(String metrics) {
        List<Reading> readings = new ArrayList<>();
        Matcher line = LINE.matcher("");
        metrics.lines().forEach(text -> {
            if (line.reset(text).matches()) {
                Map<String, String> labels = new HashMap<>();
                Matcher label = LABEL.matcher(line.group(2));
                while (label.find()) {
                    labels.put(label.group(1), label.group(2));
                }
                readings.add(new Reading(line.group(1), labels, Double.parseDouble(line.group(3))));
            }
        });
        return readings;
    }

    @Override
    public void close() throws InterruptedException {
        over = true;
        thread.join(10_000);
    }
}
