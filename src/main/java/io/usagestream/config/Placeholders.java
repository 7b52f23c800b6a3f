package io.usagestream.config;

import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills {@code ${NAME}} and {@code ${NAME:-default}} in a value from the environment; {@code $${} stands for itself. */
record Placeholders(Map<String, String> environment) {
    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\$(?<escaped>\\$\\{)|\\$\\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(?<default>:-[^}]*)?}");

    /** The value with variables filled in; a variable that is not set and has no default is a complaint. */
    String fill(String written, Consumer<String> complaint) {
        if (written.indexOf('$') < 0) {
            return written;
        }
        Matcher matcher = PLACEHOLDER.matcher(written);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(filled, Matcher.quoteReplacement(replacement(matcher, complaint)));
        }
        String rest = matcher.appendTail(filled).toString();
        if (matcher.reset().replaceAll("").contains("${")) {
            complaint.accept("\"" + written + "\" has a placeholder that is not ${NAME} or ${NAME:-default}");
        }
        return rest;
    }

    private String replacement(Matcher matcher, Consumer<String> complaint) {
        if (matcher.group("escaped") != null) {
            return "${";
        }
        String name = matcher.group("name");
        String fallback = matcher.group("default");
        String value = environment.getOrDefault(name, "");
        if (!value.isEmpty()) {
            return value;
        }
        if (fallback != null) {
            return fallback.substring(2);
        }
        complaint.accept("the environment variable " + name + " is not set");
        return "";
    }
}
