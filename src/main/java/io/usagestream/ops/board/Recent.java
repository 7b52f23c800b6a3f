package io.usagestream.ops.board;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** The last few of something, newest first. */
final class Recent<T> {
    private final int most;
    private final Deque<T> items = new ArrayDeque<>();

    Recent(int most) {
        this.most = most;
    }

    void add(T item) {
        items.addFirst(item);
        if (items.size() > most) {
            items.removeLast();
        }
    }

    List<T> list() {
        return Collections.unmodifiableList(new ArrayList<>(items));
    }
}
