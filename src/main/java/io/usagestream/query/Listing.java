package io.usagestream.query;

import java.util.Collection;
import java.util.stream.Collectors;

/** Names in a sentence: thousands of accounts must not make it unreadable. */
final class Listing {
    /** Names that are said. */
    private static final int SAID = 20;

    private Listing() {}

    /** The first names, and how many there are besides. */
    static String of(Collection<String> names) {
        String said = names.stream().limit(SAID).collect(Collectors.joining(", "));
        return names.size() <= SAID ? said : said + " and " + (names.size() - SAID) + " more";
    }
}
