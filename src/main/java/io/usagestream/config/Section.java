package io.usagestream.config;

import io.usagestream.config.Node.Entry;
import io.usagestream.config.Node.Mapping;
import io.usagestream.config.Node.Nothing;
import io.usagestream.config.Node.Scalar;
import io.usagestream.config.Node.Sequence;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One mapping of the file, read key by key into what the settings want. What does not fit becomes a problem and the default goes
 * on, so that one run finds everything; {@link #end} turns keys that nobody asked for into problems.
 */
final class Section {
    private final String path;
    private final Mapping mapping;
    private final Problems problems;
    private final Set<String> asked = new LinkedHashSet<>();

    Section(String path, Mapping mapping, Problems problems) {
        this.path = path;
        this.mapping = mapping;
        this.problems = problems;
    }

    /** Whether the key is there with a value. */
    boolean has(String key) {
        asked.add(key);
        Entry entry = mapping.entries().get(key);
        return entry != null && !(entry.value() instanceof Nothing);
    }

    /** The value; empty too when nothing of it is there, for the environment lacks a variable. */
    Optional<String> text(String key) {
        return scalar(key).filter(Section::complete).map(Scalar::value);
    }

    String text(String key, String fallback) {
        return text(key).orElse(fallback);
    }

    boolean flag(String key, boolean fallback) {
        return choice(key, Map.of("true", true, "false", false), fallback);
    }

    /** One of a few words. */
    <T> T choice(String key, Map<String, T> words, T fallback) {
        return parsed(key, text -> Optional.ofNullable(words.get(text)), "one of " + list(words.keySet()))
                .orElse(fallback);
    }

    int number(String key, int fallback, int least, int most) {
        return parsed(key, text -> integer(text, least, most), "a whole number from " + least + " to " + most)
                .orElse(fallback);
    }

    long size(String key, long fallback, long least, long most, String bounds) {
        return parsed(
                        key,
                        text -> {
                            OptionalLong size = Sizes.parse(text);
                            return size.isPresent() && size.getAsLong() >= least && size.getAsLong() <= most
                                    ? Optional.of(size.getAsLong())
                                    : Optional.empty();
                        },
                        "a size " + bounds + ", such as 16MiB")
                .orElse(fallback);
    }

    Optional<Duration> duration(String key, Duration least) {
        Optional<Duration> duration = parsed(key, Durations::parse, "a length of time: write it as " + Durations.FORM);
        if (duration.isPresent() && duration.get().compareTo(least) < 0) {
            problem(key, Durations.text(duration.get()) + " is too short: at least " + Durations.text(least));
            return Optional.empty();
        }
        return duration;
    }

    Duration duration(String key, Duration fallback, Duration least) {
        return duration(key, least).orElse(fallback);
    }

    Optional<Instant> time(String key) {
        return parsed(key, Section::instant, "a time: write it as 2026-11-01T00:00:00Z or 2026-11-01");
    }

    /** What a text means, or a problem that says {@code "text" is not} what is expected. */
    <T> Optional<T> parsed(String key, Function<String, Optional<T>> parser, String expected) {
        Optional<Scalar> scalar = scalar(key);
        Optional<T> value = scalar.flatMap(s -> parser.apply(s.value()));
        if (scalar.isPresent() && value.isEmpty() && complete(scalar.get())) {
            problem(key, quoted(scalar.get()) + " is not " + expected);
        }
        return value;
    }

    /** A list of plain values without repetitions; empty when the key is absent. */
    Optional<List<String>> texts(String key) {
        return node(key).flatMap(node -> {
            if (!(node instanceof Sequence sequence)) {
                problem(key, "is not a list: write it as [a, b]");
                return Optional.empty();
            }
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < sequence.items().size(); i++) {
                Node item = sequence.items().get(i);
                String place = place(key) + "[" + i + "]";
                if (!(item instanceof Scalar scalar)) {
                    problems.add(item.line(), place, "is not a plain value");
                } else if (texts.contains(scalar.value())) {
                    problems.add(item.line(), place, quoted(scalar) + " is there twice");
                } else {
                    texts.add(scalar.value());
                }
            }
            return Optional.of(List.copyOf(texts));
        });
    }

    /** The mapping under a key; an empty one when the key is absent or has nothing. */
    Section section(String key) {
        asked.add(key);
        Entry entry = mapping.entries().get(key);
        if (entry == null || entry.value() instanceof Nothing) {
            return new Section(place(key), new Mapping(lineOf(key), Map.of()), problems);
        }
        if (entry.value() instanceof Mapping below) {
            return new Section(place(key), below, problems);
        }
        problem(key, "is not a mapping: settings stand below it, indented, as name: value");
        return new Section(place(key), new Mapping(entry.line(), Map.of()), problems);
    }

    /** The mappings of a list. */
    List<Section> sections(String key) {
        Optional<Node> node = node(key);
        if (node.isEmpty()) {
            return List.of();
        }
        if (!(node.get() instanceof Sequence sequence)) {
            problem(key, "is not a list: each entry begins with a hyphen");
            return List.of();
        }
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            String place = place(key) + "[" + i + "]";
            Node item = sequence.items().get(i);
            if (item instanceof Mapping below) {
                sections.add(new Section(place, below, problems));
            } else {
                problems.add(item.line(), place, "is not a mapping");
            }
        }
        return sections;
    }

    /** All keys, in the file's order. */
    Set<String> keys() {
        return mapping.entries().keySet();
    }

    /** Every entry as plain text, for properties that are not ours; a list becomes {@code a,b}. */
    Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        mapping.entries()
                .keySet()
                .forEach(key -> node(key).ifPresent(node -> {
                    if (node instanceof Scalar scalar) {
                        properties.put(key, scalar.value());
                    } else if (node instanceof Sequence) {
                        texts(key).ifPresent(texts -> properties.put(key, String.join(",", texts)));
                    } else {
                        problem(key, "is not a plain value: write the property's whole name, as bootstrap.servers: …");
                    }
                }));
        return properties;
    }

    /** Something is wrong with a key, or with what is missing there. */
    void problem(String key, String message) {
        problems.add(lineOf(key), place(key), message);
    }

    /** How many problems there are so far, anywhere. */
    int problems() {
        return problems.size();
    }

    /** Keys that nobody asked for are unknown. */
    void end() {
        for (var entry : mapping.entries().entrySet()) {
            if (!asked.contains(entry.getKey())) {
                problems.add(
                        entry.getValue().line(),
                        place(entry.getKey()),
                        "is not a setting" + Suggestion.of(entry.getKey(), asked));
            }
        }
    }

    String place(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private Optional<Scalar> scalar(String key) {
        return node(key).flatMap(node -> {
            if (node instanceof Scalar scalar) {
                return Optional.of(scalar);
            }
            problem(key, "is not a plain value");
            return Optional.empty();
        });
    }

    private Optional<Node> node(String key) {
        return has(key) ? Optional.ofNullable(mapping.entries().get(key)).map(Entry::value) : Optional.empty();
    }

    private int lineOf(String key) {
        Entry entry = mapping.entries().get(key);
        return entry == null ? mapping.line() : entry.line();
    }

    /** Whether nothing was missing in the environment: that has been said already. */
    private static boolean complete(Scalar scalar) {
        return !(scalar.value().isEmpty() && scalar.written().contains("${"));
    }

    private static String quoted(Scalar scalar) {
        return "\"" + scalar.written() + "\"";
    }

    static String list(Collection<String> words) {
        return words.stream().sorted().collect(Collectors.joining(", "));
    }

    private static Optional<Integer> integer(String text, int least, int most) {
        try {
            int number = Integer.parseInt(text.strip());
            return number >= least && number <= most ? Optional.of(number) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(
                    text.length() == 10
                            ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                            : OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
