package io.usagestream.source.json;

import io.usagestream.stream.Reason;
import java.util.HashSet;
import java.util.Set;

/**
 * The field names of one object so far: a name that comes twice makes the object ambiguous. Few names, so a scan beats a set; and
 * most objects have the names of the one before in the same order, so that most times there is nothing to scan either.
 */
public final class Names {
    private static final int SCANNED = 48;

    private final String[] names = new String[SCANNED];
    private int size;
    private int before;
    private boolean asBefore;
    private final Set<String> more = new HashSet<>();

    /** Forgets all: another object begins. */
    public void clear() {
        if (!asBefore) {
            before = size;
        }
        size = 0;
        asBefore = true;
        if (!more.isEmpty()) {
            more.clear();
        }
    }

    /** Takes a name. */
    public void add(String name) throws Unreadable {
        if (asBefore && size < before && isSame(names[size], name)) {
            size++;
            return;
        }
        asBefore = false;
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

    /** Whether it is the same text; the parser gives the same name as the same object. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(String known, String name) {
        return known == name;
    }
}
