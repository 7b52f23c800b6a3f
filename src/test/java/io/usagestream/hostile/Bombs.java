package io.usagestream.hostile;

import static io.usagestream.hostile.Row.refused;
import static io.usagestream.source.http.RawServer.answer;

import io.usagestream.stream.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Bodies that are meant to hurt. */
final class Bombs {
    private static final int MEGABYTES = 2_048;

    private Bombs() {}

    /** @param slow whether one is among them that takes as long as the deadline for a whole answer */
    static List<Row> all(boolean slow) {
        byte[] bomb = gzip();
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        String digits = "9".repeat(1_000_000);
        List<Row> rows = new ArrayList<>(List.of(
                refused("18", "bomb-2gib", Reason.BODY_TOO_LARGE, "stopped at 100:1", (asked, reply) -> {
                    reply.raw(answer(200, "application/json", bomb.length, "Content-Encoding: gzip"));
                    reply.raw(bomb);
                }),
                refused("18", "endless-body", Reason.BODY_TOO_LARGE, "stopped at 16 MiB", (asked, reply) -> {
                    reply.raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
                    reply.endless(" ".repeat(64 * 1_024));
                }),
                refused("18", "endless-head", Reason.BODY_TOO_LARGE, "stopped at 8 KiB", (asked, reply) -> {
                    reply.raw("HTTP/1.1 200 OK\r\n");
                    reply.endless("X-Endless: header\r\n");
                }),
                refused(
                        "json",
                        "deep",
                        Reason.MALFORMED_JSON,
                        "stopped at depth 64",
                        (asked, reply) -> reply.json("{\"data\":" + deep + "}")),
                refused(
                        "json",
                        "digits",
                        Reason.MALFORMED_JSON,
                        "stopped at the number",
                        (asked, reply) -> reply.json("{\"n\":" + digits + ",\"data\":[],\"has_more\":false}"))));
        if (slow) {
            rows.add(refused("13", "slow-body", Reason.TIMEOUT, "connection closed after 120 s", (asked, reply) -> {
                reply.raw(answer(200, "application/json", 1_000));
                reply.drip(" ".repeat(1_000));
            }));
        }
        return rows;
    }

    private static byte[] gzip() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] spaces = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            for (int i = 0; i < MEGABYTES; i++) {
                gzip.write(spaces);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
