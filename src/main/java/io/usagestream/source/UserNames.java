package io.usagestream.source;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Says a user's id as the source is configured to: as it is, as a keyed hash, or not at all. */
public final class UserNames {
    private static final int KEPT_BYTES = 16;

    private final SourceSettings.UserIds mode;

    public UserNames(SourceSettings.UserIds mode) {
        this.mode = mode;
    }

    /** Whether ids are said as they are. */
    public boolean plain() {
        return mode instanceof SourceSettings.UserIds.Keep;
    }

    /** Whether there is nothing to say. */
    public boolean dropped() {
        return mode instanceof SourceSettings.UserIds.Drop;
    }

    /** The id as it may be published; empty when it is dropped. The empty id has nothing to hide. */
    public Optional<String> say(String id) {
        if (mode instanceof SourceSettings.UserIds.Hash hash) {
            return Optional.of(id.isEmpty() ? id : hash(hash.key(), id));
        }
        return dropped() ? Optional.empty() : Optional.of(id);
    }

    private static String hash(Secret key, String id) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] hash = mac.doFinal(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, KEPT_BYTES);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("the key for user ids is unusable", e);
        }
    }
}
