package io.usagestream.dev.upstream.http;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request.
 *
 * @param path without the query
 * @param query decoded values by decoded name, in the order in which they were sent
 * @param authorization the header of that name
 */
public record Ask(String path, Map<String, List<String>> query, Optional<String> authorization) {
    /** The one value of a parameter; the last one wins, and an empty one is none. */
    public Optional<String> one(String name) {
        List<String> values = query.getOrDefault(name, List.of());
        return values.isEmpty()
                ? Optional.empty()
                : Optional.of(values.get(values.size() - 1)).filter(value -> !value.isEmpty());
    }

    /** All values of an array parameter in any of the three encodings in use: {@code a[]=x&a[]=y}, {@code a=x&a=y}, {@code a=x,y}. */
    public List<String> all(String name) {
        return java.util.stream.Stream.of(name, name + "[]")
                .flatMap(form -> query.getOrDefault(form, List.of()).stream())
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }
}
