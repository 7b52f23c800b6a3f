package io.usagestream.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Everything that is wrong with a configuration: collected, so that a person mends it in one go. */
final class Problems {
    private final List<Problem> all = new ArrayList<>();

    void add(int line, String path, String message) {
        all.add(new Problem(line, path, message));
    }

    int size() {
        return all.size();
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** In the order of the file. */
    List<Problem> inOrder() {
        return all.stream().sorted(Comparator.comparingInt(Problem::line)).toList();
    }
}
