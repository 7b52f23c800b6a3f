package io.usagestream.hostile;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Credentials and a person that nobody may ever hear of again, and every form in which they could come out. */
record Canaries(String key, String apiKey, String apiSecret, String pepper, String mail) {
    static Canaries of(String source) {
        return new Canaries(
                "sk-admin-Canary/Key+" + source + "=7",
                "api_Canary" + source,
                "CanarySecret/" + source + "=9",
                "CanaryPepper-" + source + "+3",
                "canary." + source + "@person.example");
    }

    /** Only the sources of one provider have a key and a secret, so only their upstreams can give them away. */
    private boolean pair() {
        return mail.contains("-pair@");
    }

    /** All of it, as upstream says it back in a message, with the header that carried it. */
    String everything() {
        String credentials = pair()
                ? apiKey + " and " + apiSecret + ", Basic " + base64(apiKey + ":" + apiSecret)
                : key + ", Bearer " + key + ", " + base64(key);
        return credentials + ", of " + mail;
    }

    /** Members of an object, with a canary in every place that an object has for text. */
    String noise() {
        return "\"note\":\"see " + everything() + "\",\"email\":\"" + mail + "\",\"nested\":[{\"deep\":\""
                + everything() + "\"}],\"" + (pair() ? apiSecret : key) + "\":\"x\",\"input\":{\"prompt\":\"" + mail
                + "\"}";
    }

    /** What to look for. The bare name of a mail's owner counts too. */
    Set<String> forms() {
        Set<String> forms = new LinkedHashSet<>();
        for (String secret : List.of(key, apiKey, apiSecret, apiKey + ":" + apiSecret, pepper, mail)) {
            forms.add(secret);
            forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
            // the three ways in which it may lie in a longer text
            for (int shift = 0; shift < 3; shift++) {
                String shifted = base64("x".repeat(shift) + secret);
                String inner = shifted.substring(shift == 0 ? 0 : 4, shifted.length() - 4);
                forms.add(inner);
                forms.add(inner.replace('+', '-').replace('/', '_'));
            }
        }
        return forms;
    }

    /** Where a text says it. */
    List<String> in(String where, String text) {
        List<String> found = new ArrayList<>();
        for (String form : forms()) {
            int at = text.indexOf(form);
            if (at >= 0) {
                found.add(where + ": " + text.substring(Math.max(0, at - 100), Math.min(text.length(), at + 100)));
            }
        }
        return found;
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
