package io.usagestream.source.json;

import io.usagestream.stream.Digest;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** Sets rows of one response aside: with the reason, where they stood, and what may be shown of them. */
public final class Quarantine {
    private final byte[] body;
    private final Fragment fragment;

    /**
     * @param body the whole response
     * @param userIds whether user ids may be shown
     */
    public Quarantine(byte[] body, Redaction redaction, boolean userIds) {
        this.body = body;
        this.fragment = new Fragment(redaction, userIds);
    }

    /** The row that these bytes of the response are. */
    public Quarantined of(Reason reason, String detail, String pointer, int from, int to, Optional<Instant> time) {
        Digest digest = Digest.of(ByteBuffer.wrap(body, from, to - from));
        return new Quarantined(reason, detail, pointer, fragment.of(body, from, to), digest, time);
    }

    /** A row whose bytes do not name it: what it is about is digested with it, else equal bad rows would be one. */
    public Quarantined of(Bad bad, String about, String pointer, Optional<Instant> time) {
        byte[] name = about.getBytes(StandardCharsets.UTF_8);
        ByteBuffer whole = ByteBuffer.allocate(name.length + 1 + bad.to() - bad.from());
        whole.put(name).put((byte) '\n').put(body, bad.from(), bad.to() - bad.from());
        return new Quarantined(
                bad.reason(),
                bad.detail(),
                pointer + bad.field(),
                fragment.of(body, bad.from(), bad.to()),
                Digest.of(whole.flip()),
                time);
    }

    /** The row that could not be read. */
    public Quarantined of(Bad bad, String pointer, Optional<Instant> time) {
        return of(bad.reason(), bad.detail(), pointer + bad.field(), bad.from(), bad.to(), time);
    }
}
