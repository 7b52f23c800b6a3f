package io.usagestream.source.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/** Spoils pages: bytes flipped, cut, values retyped, nested, moved and doubled, names changed, numbers of every odd kind. */
public final class Mutant {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final List<String> ODD = List.of(
            "null",
            "true",
            "false",
            "0",
            "-0",
            "-0.0",
            "1",
            "-1",
            "10.0",
            "10.5",
            "1e3",
            "1E-3",
            "1e400",
            "1e-400",
            "1e1000000000",
            "-1e-1000000000",
            "0e99999999999",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "99999999999999999999",
            "123456789012345678901",
            "0.1234567890123456789",
            "9".repeat(101),
            "9".repeat(1_001),
            "0." + "1".repeat(90),
            "NaN",
            "Infinity",
            "\"\"",
            "\"0\"",
            "\" 12 \"",
            "\"1e3\"",
            "\"0E-6176\"",
            "\"１２\"",
            "\"\\ud83d\"",
            "\"\\u0000\"",
            "\"2026-11-19T00:00:00Z\"",
            "\"2026-11-19T24:00:00Z\"",
            "\"2026-13-41T00:00:00Z\"",
            "\"+1000000000-01-01T00:00:00Z\"",
            "\"2026-11-19T00:00:00\"",
            "\"organization.x.result\"",
            "1795046400",
            "1795046400000",
            "{}",
            "[]",
            "[[]]",
            "{\"a\":{\"b\":[1,2]}}",
            "[".repeat(60) + "]".repeat(60),
            "[".repeat(70) + "]".repeat(70),
            "\"" + "x".repeat(9_000) + "\"",
            "\"" + "é".repeat(5_000) + "\"");

    private record Span(int from, int to) {}

    private final byte[] page;
    private final List<Span> values = new ArrayList<>();
    private final List<Span> names = new ArrayList<>();

    private Mutant(byte[] page) {
        this.page = page;
        try (JsonParser parser = FACTORY.createParser(page)) {
            scan(parser);
        } catch (IOException e) {
            // spoilt already: what was found will do
            return;
        }
    }

    /** A page, spoilt once to three times. */
    public static byte[] of(byte[] page, SplittableRandom random) {
        byte[] spoilt = page;
        int times = 1 + random.nextInt(3);
        for (int i = 0; i < times; i++) {
            spoilt = random.nextInt(4) == 0 ? bytes(spoilt, random) : new Mutant(spoilt).structure(random);
        }
        return spoilt;
    }

    private void scan(JsonParser parser) throws IOException {
        Deque<Integer> open = new ArrayDeque<>();
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            parser.finishToken();
            int from = (int) parser.currentTokenLocation().getByteOffset();
            int to = (int) parser.currentLocation().getByteOffset();
            if (token == JsonToken.FIELD_NAME) {
                int quote = from + 1;
                while (quote < page.length && page[quote] != '"') {
                    quote++;
                }
                names.add(new Span(from, Math.min(quote + 1, page.length)));
            } else if (token.isStructStart()) {
                open.push(from);
            } else if (token.isStructEnd()) {
                values.add(new Span(open.pop(), to));
            } else {
                values.add(new Span(from, to));
            }
        }
    }

    private byte[] structure(SplittableRandom random) {
        if (values.isEmpty() || names.isEmpty()) {
            return bytes(page, random);
        }
        Span value = any(values, random);
        return switch (random.nextInt(7)) {
            case 0, 1 -> replaced(value, ODD.get(random.nextInt(ODD.size())).getBytes(StandardCharsets.UTF_8));
            case 2 -> replaced(value, cut(any(values, random)));
            case 3 -> replaced(value, join("[", cut(value), "]"));
            case 4 ->
                replaced(value, join("", join("", cut(value), ","), new String(cut(value), StandardCharsets.UTF_8)));
            case 5 -> replaced(any(names, random), cut(any(names, random)));
            default -> replaced(any(names, random), "\"nobody_knows\"".getBytes(StandardCharsets.UTF_8));
        };
    }

    private static byte[] bytes(byte[] page, SplittableRandom random) {
        if (page.length < 2) {
            return page;
        }
        byte[] spoilt = page.clone();
        switch (random.nextInt(3)) {
            case 0 -> spoilt[random.nextInt(spoilt.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt(256);
            default -> spoilt = Arrays.copyOf(spoilt, random.nextInt(spoilt.length));
        }
        return spoilt;
    }

    private static Span any(List<Span> spans, SplittableRandom random) {
        return spans.get(random.nextInt(spans.size()));
    }

    private byte[] cut(Span span) {
        return Arrays.copyOfRange(page, span.from(), span.to());
    }

    private static byte[] join(String before, byte[] middle, String after) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(before.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(middle);
        out.writeBytes(after.getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    private byte[] replaced(Span span, byte[] by) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(page.length + by.length);
        out.write(page, 0, span.from());
        out.writeBytes(by);
        out.write(page, span.to(), page.length - span.to());
        return out.toByteArray();
    }
}
