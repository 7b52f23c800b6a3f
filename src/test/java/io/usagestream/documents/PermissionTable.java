package io.usagestream.documents;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The tables of {@code docs/kafka-security.md}, rule by rule: tests grant what they say. */
public final class PermissionTable {
    private static final Path DOCUMENT = Path.of("docs", "kafka-security.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private PermissionTable() {}

    /** One operation on one resource. The pattern is {@code literal} or {@code prefix}. */
    public record Rule(String resource, String name, String pattern, String operation) {
        /** The same where topics begin with another word. */
        public Rule under(String prefix) {
            return new Rule(resource, name.replaceFirst("^usage", prefix), pattern, operation);
        }
    }

    /** What the running service needs, with prefixes. */
    public static Set<Rule> service() {
        Set<Rule> rules = new LinkedHashSet<>();
        rows(5).stream().filter(row -> !row.get(0).startsWith("`")).forEach(row -> rules.addAll(rules(row)));
        return rules;
    }

    /** What a command needs, without prefixes as far as can be. */
    public static Set<Rule> of(String command) {
        Set<Rule> rules = new LinkedHashSet<>();
        rows(5).stream()
                .filter(row -> row.get(0).equals("`" + command + "`"))
                .forEach(row -> rules.addAll(rules(row.subList(1, row.size()))));
        return rules;
    }

    private static List<Rule> rules(List<String> row) {
        List<Rule> rules = new ArrayList<>();
        for (String name :
                CODE.matcher(row.get(1)).results().map(MatchResult::group).toList()) {
            for (String operation : row.get(3).split(", ")) {
                rules.add(new Rule(row.get(0), name.replace("`", ""), row.get(2), operation));
            }
        }
        return rules;
    }

    private static List<List<String>> rows(int columns) {
        try {
            return Files.readAllLines(DOCUMENT).stream()
                    .filter(line ->
                            line.startsWith("| ") && !line.startsWith("| resource") && !line.startsWith("| command"))
                    .map(line -> Arrays.stream(
                                    line.substring(1, line.length() - 1).split("\\|"))
                            .map(String::strip)
                            .toList())
                    .filter(row -> row.size() == columns)
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
