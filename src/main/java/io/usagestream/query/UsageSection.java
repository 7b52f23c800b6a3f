package io.usagestream.query;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A heavy part of a usage summary: a count and a hint, until it is asked for. */
public enum UsageSection {
    USAGES("usages", "totals by type of usage"),
    USAGES_DAILY("usages.daily", "days by type of usage"),
    MODEL_USAGES_DAILY("modelUsages.daily", "days by model"),
    NSFW_USAGES("nsfwUsages", "content-moderation totals that are not zero"),
    ACTIVITY("activity", "the events themselves"),
    ENTITIES("entities", "what the ids above mean");

    private final String word;
    private final String contents;

    UsageSection(String word, String contents) {
        this.word = word;
        this.contents = contents;
    }

    /** The section that is asked for by that word. */
    public static Optional<UsageSection> of(String word) {
        return Arrays.stream(values()).filter(s -> s.word.equals(word)).findFirst();
    }

    /** All words, as they are written. */
    public static String words() {
        return Arrays.stream(values()).map(UsageSection::word).collect(Collectors.joining(","));
    }

    public String word() {
        return word;
    }

    /** What it holds, in a few words. */
    String contents() {
        return contents;
    }
}
