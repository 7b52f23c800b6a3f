package io.usagestream.benchmark;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The service's metrics at one moment.
 *
 * @param values by the series' name with its labels, as it is written
 */
record Scrape(Map<String, Double> values) {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /** Empty when it does not serve. */
    static Optional<Scrape> of(int port) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? Optional.of(parse(answer.body())) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Scrape parse(String text) {
        Map<String, Double> values = new HashMap<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            values.put(line.substring("usagestream_".length(), space), Double.parseDouble(line.substring(space + 1)));
        });
        return new Scrape(values);
    }

    /** All series of a name that carry a label, added up; an empty label stands for any. */
    double sum(String name, String label) {
        return values.entrySet().stream()
                .filter(series -> is(series.getKey(), name) && series.getKey().contains(label))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** The greatest of all series of a name. */
    double greatest(String name) {
        return values.entrySet().stream()
                .filter(series -> is(series.getKey(), name))
                .mapToDouble(Map.Entry::getValue)
                .max()
                .orElse(0);
    }

    /** Upper bound in seconds of the bucket of a histogram that holds a share of what was recorded since an earlier scrape. */
    double bound(String name, Scrape since, double share) {
        TreeMap<Double, Double> buckets = new TreeMap<>();
        values.forEach((series, value) -> {
            if (is(series, name + "_bucket")) {
                String bound = series.substring(series.indexOf("le=\"") + 4, series.lastIndexOf('"'));
                double le = bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound);
                buckets.merge(le, value - since.values().getOrDefault(series, 0.0), Double::sum);
            }
        });
        double enough = buckets.isEmpty() ? 0 : buckets.lastEntry().getValue() * share;
        return buckets.entrySet().stream()
                .filter(bucket -> bucket.getValue() >= enough)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(Double.NaN);
    }

    private static boolean is(String series, String name) {
        return series.equals(name) || series.startsWith(name + "{");
    }
}
