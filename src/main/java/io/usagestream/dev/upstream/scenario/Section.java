package io.usagestream.dev.upstream.scenario;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** One part of an answer, by the word that {@code type} asks for it with. */
enum Section {
    USAGES("usages"),
    ACTIVITY("activity"),
    CONSUMPTION("consumption"),
    MODEL_USAGES("model-usages"),
    ASSET_USAGES("asset-usages"),
    NSFW_USAGES("nsfw-usages");

    private final String word;

    Section(String word) {
        this.word = word;
    }

    /** The sections of those words: all for no word, and also for any bad one, without a complaint. */
    static Set<Section> of(List<String> words) {
        Set<Section> sections = EnumSet.noneOf(Section.class);
        for (String word : words) {
            var section =
                    Arrays.stream(values()).filter(s -> s.word.equals(word)).findFirst();
            if (section.isEmpty()) {
                return EnumSet.allOf(Section.class);
            }
            sections.add(section.get());
        }
        return sections.isEmpty() ? EnumSet.allOf(Section.class) : sections;
    }
}
