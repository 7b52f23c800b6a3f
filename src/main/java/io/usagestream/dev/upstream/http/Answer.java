package io.usagestream.dev.upstream.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** One answer: what goes over the wire, unless a fault spoils it. */
public record Answer(int status, Map<String, String> headers, Body body) {
    private static final String JSON = "application/json";

    /** Bytes that are compared by identity: nobody compares bodies. */
    public static final class Body {
        private final byte[] bytes;

        private Body(byte[] bytes) {
            this.bytes = bytes;
        }

        /** The bytes themselves, not a copy: a page may have megabytes. */
        public byte[] bytes() {
            return bytes;
        }
    }

    public static Answer json(int status, byte[] json) {
        return new Answer(status, Map.of("content-type", JSON), new Body(json));
    }

    public static Answer json(int status, String json) {
        return json(status, json.getBytes(StandardCharsets.UTF_8));
    }

    public Answer withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, body);
    }

    public String text() {
        return new String(body.bytes(), StandardCharsets.UTF_8);
    }
}
