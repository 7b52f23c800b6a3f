package io.usagestream.ops.http;

import io.usagestream.source.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The token that guards the console and its API. Programs send it as a bearer; a browser, which cannot do so for a page or an event
 * stream, sends it once and gets a cookie. The cookie is derived from the token: every instance takes it, it ends when the token is
 * replaced, and it does not tell the token.
 */
final class Token {
    /** The name of the cookie. */
    static final String COOKIE = "usagestream";

    private static final String BEARER = "Bearer ";

    private final Secret secret;

    Token(Secret secret) {
        this.secret = secret;
    }

    /** Whether a request with this header and this cookie may pass. */
    boolean admits(Optional<String> authorization, Optional<String> cookie) {
        return bearer(authorization) || cookie.filter(c -> equal(c, cookie())).isPresent();
    }

    /** Whether the header holds the token. */
    boolean bearer(Optional<String> authorization) {
        return authorization
                .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .filter(value -> equal(value.substring(BEARER.length()).strip(), secret.reveal()))
                .isPresent();
    }

    /** The cookie's value. */
    String cookie() {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal("console".getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }

    /** Takes the same time wherever the two differ. */
    private static boolean equal(String given, String expected) {
        return !expected.isEmpty()
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }
}
