package io.usagestream.hostile;

import java.util.List;

/** The sources of a run that are no row of the catalogue. */
final class CalmAndKeys {
    /** A source whose upstream is sound all the time. */
    static final String CALM = "calm";

    /** A source whose keys change. */
    static final String KEYS = "keys";

    /** Many streams, so that a key which is refused could be shown by all of them at once. */
    static final List<String> STREAMS =
            List.of("completions", "embeddings", "moderations", "images", "audio_speeches", "audio_transcriptions");

    private CalmAndKeys() {}

    static String key(String name) {
        return Canaries.of(KEYS).key() + name;
    }
}
