package io.usagestream.dev.upstream.ledger;

import java.util.List;
import java.util.Optional;

/** The words that OpenAI's dimensions take. */
final class Catalogue {
    private static final List<Optional<String>> CHAT = all(
            "gpt-5.4-2026-03-05",
            "gpt-5.4-mini-2026-03-17",
            "gpt-4.1-2025-04-14",
            "o4-mini-2025-04-16",
            "gpt-realtime-2026-02-11",
            "ft:gpt-4.1-mini-2025-04-14:acme::B7q2Xk1P");
    private static final List<Optional<String>> EMBEDDING = all("text-embedding-3-small", "text-embedding-3-large");
    private static final List<Optional<String>> MODERATION = all("omni-moderation-latest", "text-moderation-007");
    private static final List<Optional<String>> IMAGE = all("gpt-image-1", "dall-e-3");
    private static final List<Optional<String>> SPEECH = all("tts-1", "tts-1-hd", "gpt-4o-mini-tts");
    private static final List<Optional<String>> TRANSCRIPTION = all("whisper-1", "gpt-4o-transcribe");
    private static final List<Optional<String>> SIZE = all("1024x1024", "1536x1024", "1024x1536");
    private static final List<Optional<String>> SOURCE = all("image.generation", "image.edit", "image.variation");
    private static final List<Optional<String>> CONTEXT = all("medium", "low", "high");
    private static final List<Optional<String>> TIER = List.of(
            Optional.of("default"),
            Optional.of("flex"),
            Optional.of("priority"),
            Optional.of("scale"),
            Optional.empty());
    private static final List<Optional<String>> API_SOURCE =
            List.of(Optional.of("unlabeled"), Optional.of("agents_api"), Optional.empty());
    private static final Optional<String> UNHEARD_OF = Optional.of("gpt-7-préview/β 2027?a=b&c=d");
    private static final Optional<String> TRUE = Optional.of("true");
    private static final Optional<String> FALSE = Optional.of("false");

    private Catalogue() {}

    /** The value of a dimension that does not follow from the caller. */
    static Optional<String> roll(Meter meter, String dimension, Dice dice, boolean novelties) {
        return switch (dimension) {
            case "model" -> {
                Optional<String> model = skewed(models(meter), dice);
                yield novelties && dice.perMille(20) ? UNHEARD_OF : model;
            }
            case "batch" -> dice.perMille(120) ? TRUE : FALSE;
            case "service_tier" -> skewed(TIER, dice);
            case "size" -> skewed(SIZE, dice);
            case "source" -> skewed(SOURCE, dice);
            case "context_level" -> skewed(CONTEXT, dice);
            case "api_source" -> skewed(API_SOURCE, dice);
            default -> throw new IllegalArgumentException("no such dimension: " + dimension);
        };
    }

    private static List<Optional<String>> models(Meter meter) {
        return switch (meter) {
            case EMBEDDINGS -> EMBEDDING;
            case MODERATIONS -> MODERATION;
            case IMAGES -> IMAGE;
            case AUDIO_SPEECHES -> SPEECH;
            case AUDIO_TRANSCRIPTIONS -> TRANSCRIPTION;
            default -> CHAT;
        };
    }

    private static Optional<String> skewed(List<Optional<String>> words, Dice dice) {
        return words.get(dice.skewed(words.size()));
    }

    private static List<Optional<String>> all(String... words) {
        return List.of(words).stream().map(Optional::of).toList();
    }
}
