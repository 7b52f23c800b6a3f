package io.usagestream.dev.upstream.ledger;

import java.util.List;

/**
 * The token counts of one piece of text, audio or image work, with the sums that hold between them:
 *
 * <pre>
 * input    = cached + cache write + uncached
 * uncached = text + audio + image
 * cached   = cached text + cached audio + cached image
 * output   = text + audio + image
 * </pre>
 */
final class Tokens {
    static final List<String> MEASURES = List.of(
            "input_tokens",
            "input_cached_tokens",
            "input_cache_write_tokens",
            "input_uncached_tokens",
            "output_tokens",
            "input_text_tokens",
            "output_text_tokens",
            "input_cached_text_tokens",
            "input_audio_tokens",
            "input_cached_audio_tokens",
            "output_audio_tokens",
            "input_image_tokens",
            "input_cached_image_tokens",
            "output_image_tokens",
            "num_model_requests");

    static final int INPUT_CACHED = 1;
    static final int INPUT_CACHE_WRITE = 2;
    static final int INPUT_UNCACHED = 3;
    static final int OUTPUT = 4;

    private static final int INPUT = 0;
    private static final int INPUT_TEXT = 5;
    private static final int OUTPUT_TEXT = 6;
    private static final int CACHED_TEXT = 7;
    private static final int INPUT_AUDIO = 8;
    private static final int CACHED_AUDIO = 9;
    private static final int OUTPUT_AUDIO = 10;
    private static final int INPUT_IMAGE = 11;
    private static final int CACHED_IMAGE = 12;
    private static final int OUTPUT_IMAGE = 13;
    private static final int CALLS = 14;

    private Tokens() {}

    static boolean isOfOtherModality(int measure) {
        return measure >= INPUT_AUDIO && measure <= OUTPUT_IMAGE;
    }

    /** Counts as the dice want them, scaled: the sums hold at every scale. */
    static long[] roll(Dice dice, boolean textOnly, int percent) {
        long[] counts = new long[MEASURES.size()];
        int calls = dice.between(1, 20);
        counts[CALLS] = calls;
        counts[INPUT_TEXT] = scaled((long) calls * dice.between(20, 4000), percent);
        counts[OUTPUT_TEXT] = scaled((long) calls * dice.between(5, 900), percent);
        if (dice.perMille(500)) {
            counts[CACHED_TEXT] = scaled((long) calls * dice.between(0, 3000), percent);
        }
        if (dice.perMille(150)) {
            counts[INPUT_CACHE_WRITE] = scaled((long) calls * dice.between(100, 2000), percent);
        }
        boolean audio = dice.perMille(60);
        boolean image = dice.perMille(60);
        if (audio && !textOnly) {
            counts[INPUT_AUDIO] = scaled((long) calls * dice.between(10, 600), percent);
            counts[CACHED_AUDIO] = scaled((long) calls * dice.between(0, 90), percent);
            counts[OUTPUT_AUDIO] = scaled((long) calls * dice.between(10, 300), percent);
        }
        if (image && !textOnly) {
            counts[INPUT_IMAGE] = scaled((long) calls * dice.between(85, 1100), percent);
            counts[CACHED_IMAGE] = scaled((long) calls * dice.between(0, 85), percent);
            counts[OUTPUT_IMAGE] = scaled((long) calls * dice.between(0, 1056), percent);
        }
        counts[INPUT_UNCACHED] = counts[INPUT_TEXT] + counts[INPUT_AUDIO] + counts[INPUT_IMAGE];
        counts[INPUT_CACHED] = counts[CACHED_TEXT] + counts[CACHED_AUDIO] + counts[CACHED_IMAGE];
        counts[INPUT] = counts[INPUT_CACHED] + counts[INPUT_CACHE_WRITE] + counts[INPUT_UNCACHED];
        counts[OUTPUT] = counts[OUTPUT_TEXT] + counts[OUTPUT_AUDIO] + counts[OUTPUT_IMAGE];
        return counts;
    }

    private static long scaled(long count, int percent) {
        return count * percent / 100;
    }
}
