package io.usagestream.source.json;

import io.usagestream.source.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What becomes of upstream's text before a person sees it: no credentials in any form that HTTP carries them in, no mail
 * addresses, nothing that looks like a key, one line, cut.
 */
public final class Redaction {
    /** Characters of upstream's text in a message. */
    public static final int MAX_MESSAGE = 200;

    private static final int MAX_LOOKED_AT = 8 * 1024;
    private static final int LEAST_SECRET = 4;

    private static final Pattern MAIL =
            Pattern.compile("[^\\s\"'<>()\\[\\]{},;:@]{1,128}(?:@|%40)[^\\s\"'<>()\\[\\]{},;:@]{1,255}");
    private static final Pattern KEY = Pattern.compile(
            "(?i)\\b(?:sk|pk|rk|sess)[-_][A-Za-z0-9._*-]{3,}|\\b(?:bearer|basic)\\s+[A-Za-z0-9._~+/=*-]{4,}");
    private static final Pattern TOKEN =
            Pattern.compile("(?=[A-Za-z+/_=%-]{0,512}\\d)(?=[\\d+/_=%-]{0,512}[A-Za-z])[A-Za-z0-9+/_=%-]{24,}");

    private final List<Secret> secrets;

    /** @param secrets what must never be shown, with the values that they have at the time */
    public Redaction(Collection<Secret> secrets) {
        this.secrets = List.copyOf(secrets);
    }

    /** Upstream's words, fit for a message or a log line. */
    public String message(String text) {
        String line = oneLine(TOKEN.matcher(text(text)).replaceAll("<removed>"));
        return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "…";
    }

    /** A text without credentials, mail addresses and keys. What is too long to look through is cut first. */
    public String text(String text) {
        String clean = text;
        for (String form : forms()) {
            clean = clean.replace(form, "<secret>");
        }
        clean = clean.length() <= MAX_LOOKED_AT ? clean : clean.substring(0, MAX_LOOKED_AT);
        return KEY.matcher(MAIL.matcher(clean).replaceAll("<mail>")).replaceAll("<key>");
    }

    /** The same, without anything long and random either. */
    public String opaque(String text) {
        return TOKEN.matcher(text(text)).replaceAll("<removed>");
    }

    /** Escapes what would end a line, move a cursor or fool a reader. */
    static String oneLine(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), 2 * MAX_MESSAGE));
        for (int i = 0; i < text.length() && out.length() <= MAX_MESSAGE; i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r' || c == '\t') {
                out.append(' ');
            } else if (c < ' '
                    || c >= 0x7f && c < 0xa0
                    || Character.getType(c) == Character.FORMAT
                    || Character.isSurrogate(c)
                    || c == 0x2028
                    || c == 0x2029) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private Set<String> forms() {
        List<String> raw = new ArrayList<>();
        secrets.forEach(secret -> raw.add(secret.reveal()));
        raw.removeIf(value -> value.length() < LEAST_SECRET);
        List<String> carried = new ArrayList<>(raw);
        raw.forEach(a -> raw.forEach(b -> carried.add(a + ":" + b)));
        Set<String> forms = new LinkedHashSet<>();
        for (String value : carried) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            forms.add(value);
            forms.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
            forms.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
            forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        }
        return forms;
    }
}
