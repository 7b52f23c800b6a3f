package io.usagestream.config;

import java.util.List;
import java.util.Map;

/** One value of a configuration file, with the line that it begins on. */
sealed interface Node {
    /** Counted from 1. */
    int line();

    /**
     * A plain value.
     *
     * @param written what the file says; messages quote this, because it holds no secret out of the environment
     * @param value what it means, with the environment's variables filled in
     */
    record Scalar(int line, String written, String value) implements Node {
        @Override
        public String toString() {
            return written;
        }
    }

    /** Nothing: a key without a value. */
    record Nothing(int line) implements Node {}

    record Sequence(int line, List<Node> items) implements Node {}

    /** Entries in the order of the file. */
    record Mapping(int line, Map<String, Entry> entries) implements Node {}

    /** One entry of a mapping, with the line of its key. */
    record Entry(int line, Node value) {}
}
