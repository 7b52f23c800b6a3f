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

    /** More is never shown of one text, so more is not looked at: looking costs time, and upstream decides how much there is. */
    private static final int MAX_LOOKED_AT = 1_024;

    private static final int LEAST_SECRET = 4;
    private static final int MAX_MAIL_SIDE = 255;

    private static final Pattern KEY = Pattern.compile(
            "(?i)\\b(?:sk|pk|rk|sess)[-_][A-Za-z0-9._*-]{3,}+|\\b(?:bearer|basic)\\s{1,3}+[A-Za-z0-9._~+/=*-]{4,}+");
    private static final Pattern RUN = Pattern.compile("[A-Za-z0-9+/_=%-]{24,}+");
    private static final String NOT_IN_MAIL = "\"'<>()[]{},;:@";

    /** The secrets' values, and every form in which they travel. */
    private record Forms(List<String> values, Set<String> forms) {}

    private final List<Secret> secrets;
    private volatile Forms known = new Forms(List.of(), Set.of());

    /** @param secrets what must never be shown, with the values that they have at the time */
    public Redaction(Collection<Secret> secrets) {
        this.secrets = List.copyOf(secrets);
    }

    /** Upstream's words, fit for a message or a log line. */
    public String message(String text) {
        String line = oneLine(opaque(text));
        return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "…";
    }

    /** A text without credentials, mail addresses and keys. What is too long to look through is cut first. */
    public String text(String text) {
        String clean = text;
        for (String form : forms()) {
            clean = clean.replace(form, "<secret>");
        }
        clean = clean.length() <= MAX_LOOKED_AT ? clean : clean.substring(0, MAX_LOOKED_AT);
        return KEY.matcher(withoutMail(clean)).replaceAll("<key>");
    }

    /** The same, without anything long and random either. */
    public String opaque(String text) {
        return RUN.matcher(text(text)).replaceAll(run -> random(run.group()) ? "<removed>" : run.group());
    }

    /** Letters and digits in one long run: an id, a hash, something encoded. */
    private static boolean random(String run) {
        return run.chars().anyMatch(c -> c >= '0' && c <= '9') && run.chars().anyMatch(Character::isLetter);
    }

    /** Takes out what stands around every at sign. Linear, whatever the text. */
    private static String withoutMail(String text) {
        if (text.indexOf('@') < 0 && !text.contains("%40")) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int done = 0;
        for (int i = 0; i < text.length(); i++) {
            int sign = text.charAt(i) == '@' ? 1 : text.startsWith("%40", i) ? 3 : 0;
            if (sign == 0 || i < done) {
                continue;
            }
            int from = i;
            while (from > done && i - from < MAX_MAIL_SIDE && inMail(text.charAt(from - 1))) {
                from--;
            }
            int to = i + sign;
            while (to < text.length() && to - i < MAX_MAIL_SIDE && inMail(text.charAt(to))) {
                to++;
            }
            out.append(text, done, from).append("<mail>");
            done = to;
        }
        return out.append(text, done, text.length()).toString();
    }

    private static boolean inMail(char c) {
        return c > ' ' && NOT_IN_MAIL.indexOf(c) < 0;
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
        List<String> values = new ArrayList<>();
        for (Secret secret : secrets) {
            String value = secret.reveal();
            if (value.length() >= LEAST_SECRET) {
                values.add(value);
            }
        }
        Forms now = known;
        if (!now.values().equals(values)) {
            now = new Forms(values, travelling(values));
            known = now;
        }
        return now.forms();
    }

    private static Set<String> travelling(List<String> raw) {
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
