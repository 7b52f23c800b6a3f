package io.usagestream.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ListingTest {
    @Test
    void a_few_names_are_said_and_of_many_how_many_more_there_are() {
        assertThat(Listing.of(List.of("a/costs", "b/costs"))).isEqualTo("a/costs, b/costs");
        List<String> twenty = IntStream.range(0, 20).mapToObj(i -> "n" + i).toList();
        assertThat(Listing.of(twenty)).endsWith("n18, n19");
        List<String> many = IntStream.range(0, 30_000).mapToObj(i -> "n" + i).toList();
        assertThat(Listing.of(many)).endsWith("n18, n19 and 29980 more").hasSizeLessThan(200);
    }
}
