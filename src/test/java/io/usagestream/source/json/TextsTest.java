package io.usagestream.source.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextsTest {
    @Test
    void saysWhatTheDocumentSaysInWhateverOrder() throws Exception {
        Random random = new Random(20261122);
        String longer = "x".repeat(300);
        List<String> said = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            int which = random.nextInt(3) == 0 ? random.nextInt(6_000) : i % 7;
            said.add(which % 100 == 99 ? longer + which : "text-" + which);
        }
        assertThat(read(said)).isEqualTo(said);
    }

    @Test
    void aTextThatComesAgainIsTheSameOne() throws Exception {
        List<String> read = read(List.of("a", "b", "a", "c", "a", "b"));
        assertThat(read.get(2)).isSameAs(read.get(0));
        assertThat(read.get(4)).isSameAs(read.get(0));
        assertThat(read.get(5)).isSameAs(read.get(1));
    }

    /** A document of nothing but different texts must not be held as a whole. */
    @Test
    void asManyAsADocumentMayHaveAreNotKept() throws Exception {
        List<String> said =
                IntStream.range(0, 20_000).mapToObj(i -> "text-" + i).toList();
        try (JsonParser parser = parser(said)) {
            Texts texts = new Texts(parser);
            List<WeakReference<Optional<String>>> read = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                read.add(new WeakReference<>(texts.text("field")));
            }
            System.gc();
            assertThat(read.stream().filter(text -> text.get() != null).count()).isLessThanOrEqualTo(4_096);
            Reference.reachabilityFence(texts);
        }
    }

    private static List<String> read(List<String> said) throws Exception {
        List<String> read = new ArrayList<>();
        try (JsonParser parser = parser(said)) {
            Texts texts = new Texts(parser);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                read.add(texts.text("field").orElseThrow());
            }
        }
        return read;
    }

    private static JsonParser parser(List<String> said) throws Exception {
        String json = said.stream().map(text -> "\"" + text + "\"").collect(Collectors.joining(",", "[", "]"));
        JsonParser parser = Json.parser(json.getBytes(StandardCharsets.UTF_8));
        parser.nextToken();
        return parser;
    }
}
