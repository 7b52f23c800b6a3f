package io.usagestream.source.json;

import io.usagestream.stream.Reason;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** The field names of one object so far: a name that comes twice makes the object ambiguous. Few names, so a scan beats a set. */
public final class Names {
    private static final int SCANNED = 48;

    private final String[] names = new String[SCANNED];
    private int size;
    private final Set<String> more = new HashSet<>();

    /** Forgets all: another object begins. */
    public void clear() {
        Arrays.fill(names, 0, size, "");
        size = 0;
        if (!more.isEmpty()) {
            more.clear();
        }
    }

    /** Takes a name. */
    public void add(String name) throws Unreadable {
        for (int i = 0; i < size; i++) {
            if (names[i].equals(name)) {
                throw new Unreadable(Reason.DUPLICATE_KEY, "a field stands twice in one object");
            }
        }
        if (size < SCANNED) {
            names[size++] = name;
        } else if (!more.add(name)) {
            throw new Unreadable(Reason.DUPLICATE_KEY, "a field stands twice in one object");
        }
    }
}
