package io.usagestream.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.usagestream.config.Node.Entry;
import io.usagestream.config.Node.Mapping;
import io.usagestream.config.Node.Nothing;
import io.usagestream.config.Node.Scalar;
import io.usagestream.config.Node.Sequence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Reads YAML into {@link Node}s that know their lines. Every value is text here: what it means is for the one who asks. */
final class YamlFile {
    private static final YAMLFactory YAML = YAMLFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(32).build())
            .loaderOptions(wide())
            .build();

    private final Placeholders placeholders;
    private final Problems problems;

    /** The parser's own limit is 3 MiB: ten thousand sources need more. How large a file may be is decided where it is opened. */
    private static LoaderOptions wide() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        return options;
    }

    YamlFile(Placeholders placeholders, Problems problems) {
        this.placeholders = placeholders;
        this.problems = problems;
    }

    /** The file's one mapping; empty with a problem when it is none or no YAML. */
    Optional<Mapping> read(String text) {
        try (YAMLParser parser = YAML.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return Optional.of(new Mapping(1, Map.of()));
            }
            Node root = node(parser, "");
            if (root instanceof Nothing) {
                return Optional.of(new Mapping(1, Map.of()));
            }
            if (!(root instanceof Mapping mapping)) {
                problems.add(root.line(), "", "the file is not a mapping: it begins with a key such as sources:");
                return Optional.empty();
            }
            if (parser.nextToken() != null) {
                problems.add(line(parser), "", "a second document begins here: a file holds one");
            }
            return Optional.of(mapping);
        } catch (JsonProcessingException e) {
            syntax(e);
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    private Node node(YAMLParser parser, String path) throws IOException {
        int line = line(parser);
        if (parser.isCurrentAlias()) {
            problems.add(line, path, "YAML's aliases (*name) are not supported: repeat the value");
            return new Nothing(line);
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> mapping(parser, path, line);
            case START_ARRAY -> sequence(parser, path, line);
            case VALUE_NULL -> new Nothing(line);
            default -> {
                String written = parser.getText();
                if (written.isEmpty()) { // "key:" and "key: ''" alike: the default
                    yield new Nothing(line);
                }
                int before = problems.size();
                String value = placeholders.fill(written, complaint -> problems.add(line, path, complaint));
                boolean left = value.isEmpty() && problems.size() == before; // ${NAME:-} is as an empty text
                yield left ? new Nothing(line) : new Scalar(line, written, value);
            }
        };
    }

    private Mapping mapping(YAMLParser parser, String path, int line) throws IOException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            int keyLine = line(parser);
            String below = path.isEmpty() ? key : path + "." + key;
            parser.nextToken();
            Node value = node(parser, below);
            Entry before = entries.putIfAbsent(key, new Entry(keyLine, value));
            if (before != null) {
                problems.add(keyLine, below, "is there twice; the first is on line " + before.line());
            }
        }
        return new Mapping(line, entries);
    }

    private Sequence sequence(YAMLParser parser, String path, int line) throws IOException {
        List<Node> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(node(parser, path + "[" + items.size() + "]"));
        }
        return new Sequence(line, items);
    }

    /** Only the fault and its place: the parser's own message shows the lines around it, which may hold a secret. */
    private void syntax(JsonProcessingException e) {
        if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
            problems.add(marked.getProblemMark().getLine() + 1, "", "is not YAML: " + marked.getProblem());
        } else {
            int line = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNr());
            problems.add(line, "", "is not YAML");
        }
    }

    private static int line(YAMLParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }
}
