package io.usagestream.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What identifies an event, as one canonical text: each field as {@code <UTF-8 length>:<text>}, an absent one as {@code -}.
 *
 * <p>The order is action, time, projectId, userId, assetId, collectionId, jobId, modelId, isApiKey, byokProvider.id. The cost
 * is not part of it: it may be filled in later.
 */
public final class Identity {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    private Identity() {}

    /** The canonical text of an event's identity. */
    public static String text(Event event) {
        StringBuilder text = new StringBuilder(200);
        append(text, Optional.of(event.action()));
        append(text, Optional.of(time(event.time())));
        append(text, Optional.of(event.projectId()));
        append(text, Optional.of(event.userId()));
        append(text, event.assetId());
        append(text, event.collectionId());
        append(text, event.jobId());
        append(text, event.modelId());
        append(text, event.isApiKey().map(Object::toString));
        append(text, event.byokProvider().flatMap(Event.ByokProvider::id));
        return text.toString();
    }

    /** The event that a canonical text identifies, without content. */
    public static Event parse(String text) {
        ByteBuffer in = ByteBuffer.wrap(Digest.utf8(text));
        List<Optional<String>> fields = new ArrayList<>(10);
        while (in.hasRemaining()) {
            fields.add(next(in));
        }
        return new Event(
                fields.get(0).orElseThrow(),
                Instant.parse(fields.get(1).orElseThrow()),
                fields.get(2).orElseThrow(),
                fields.get(3).orElseThrow(),
                fields.get(4),
                fields.get(5),
                fields.get(6),
                fields.get(7),
                fields.get(8).map(Boolean::valueOf),
                fields.get(9).map(id -> new Event.ByokProvider(Optional.of(id), Optional.empty())),
                Optional.empty());
    }

    /** A time with as many digits of the fraction as it needs, so that {@code ….000Z} and {@code …Z} are one. */
    private static String time(Instant time) {
        String seconds = SECONDS.format(time);
        if (time.getNano() == 0) {
            return seconds + "Z";
        }
        String fraction = String.format("%09d", time.getNano());
        int end = fraction.length();
        while (fraction.charAt(end - 1) == '0') {
            end--;
        }
        return seconds + "." + fraction.substring(0, end) + "Z";
    }

    private static void append(StringBuilder text, Optional<String> field) {
        if (field.isEmpty()) {
            text.append('-');
        } else {
            text.append(Digest.utf8(field.get()).length).append(':').append(field.get());
        }
    }

    private static Optional<String> next(ByteBuffer in) {
        byte b = in.get();
        if (b == '-') {
            return Optional.empty();
        }
        int length = 0;
        for (; b != ':'; b = in.get()) {
            length = length * 10 + (b - '0');
        }
        byte[] field = new byte[length];
        in.get(field);
        return Optional.of(new String(field, StandardCharsets.UTF_8));
    }
}
