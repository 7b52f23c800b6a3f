package io.usagestream.source.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A path with its query, percent-encoded. */
public final class Query {
    private final StringBuilder uri;
    private char separator = '?';

    public Query(String path) {
        this.uri = new StringBuilder(path);
    }

    /** One more parameter. */
    public Query add(String name, String value) {
        uri.append(separator).append(encode(name)).append('=').append(encode(value));
        separator = '&';
        return this;
    }

    /** One more parameter a value, each under the name with brackets: the form that OpenAI's own clients send. */
    public Query addAll(String name, Iterable<String> values) {
        values.forEach(value -> add(name + "[]", value));
        return this;
    }

    @Override
    public String toString() {
        return uri.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
