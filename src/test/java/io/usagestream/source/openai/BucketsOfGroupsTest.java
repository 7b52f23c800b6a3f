package io.usagestream.source.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.source.Drift;
import io.usagestream.source.Given;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.UserNames;
import io.usagestream.source.json.Redaction;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Page;
import io.usagestream.stream.Point;
import io.usagestream.stream.Quarantined;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Buckets of one page that show the same groups, in the same order or another, some not at all, some twice: each bucket for itself. */
class BucketsOfGroupsTest {
    private static final long START = Given.ONE_DAY.from().getEpochSecond();

    private final Random random = new Random(20261122);

    private record Shown(String model, String user, long tokens) {
        String json() {
            return "{\"object\":\"organization.usage.completions.result\",\"input_tokens\":" + tokens
                    + ",\"output_tokens\":0,\"num_model_requests\":1,\"user_id\":" + user + ",\"model\":" + model + "}";
        }

        Map<String, Optional<String>> dimensions() {
            return new TreeMap<>(Map.of("model", text(model), "user_id", text(user)));
        }

        private static Optional<String> text(String json) {
            return json.equals("null") ? Optional.empty() : Optional.of(json.substring(1, json.length() - 1));
        }
    }

    @Test
    void everyBucketSaysWhatItSays() throws Exception {
        for (int round = 0; round < 300; round++) {
            List<List<Shown>> buckets = new ArrayList<>();
            List<Shown> groups = groups();
            for (int hour = 1 + random.nextInt(6); hour > 0; hour--) {
                buckets.add(bucket(groups));
            }
            Page.Buckets page = decode(buckets);
            for (int i = 0; i < buckets.size(); i++) {
                check(page.buckets().get(i), buckets.get(i));
            }
        }
    }

    private static void check(Bucket bucket, List<Shown> shown) {
        Map<Map<String, Optional<String>>, List<Long>> said = new HashMap<>();
        shown.forEach(row ->
                said.computeIfAbsent(row.dimensions(), d -> new ArrayList<>()).add(row.tokens()));
        Map<Map<String, Optional<String>>, Measure> expected = new HashMap<>();
        long contradictions = 0;
        for (var group : said.entrySet()) {
            if (group.getValue().stream().distinct().count() == 1) {
                expected.put(group.getKey(), Measure.of(group.getValue().get(0), "tokens"));
            } else {
                contradictions += group.getValue().size();
            }
        }
        Map<Map<String, Optional<String>>, Measure> read = new HashMap<>();
        for (Point row : bucket.rows()) {
            assertThat(read.put(row.dimensions(), Given.measure(row, "input_tokens")))
                    .isNull();
        }
        assertThat(read).isEqualTo(expected);
        assertThat(bucket.quarantined()).extracting(Quarantined::reason).hasSize((int) contradictions);
    }

    private List<Shown> groups() {
        String[] models = {
            "null", "\"\"", "\"a\"", "\"gpt-of-some-length-that-is-longer-than-others\"", "\"ä\"", "\"b\""
        };
        String[] users = {"null", "\"user-1\"", "\"user-2\""};
        List<Shown> groups = new ArrayList<>();
        for (String model : models) {
            for (String user : users) {
                groups.add(new Shown(model, user, 0));
            }
        }
        Collections.shuffle(groups, random);
        return new ArrayList<>(groups.subList(0, 1 + random.nextInt(groups.size())));
    }

    /** The groups with numbers of their own, most times in the same order. */
    private List<Shown> bucket(List<Shown> groups) {
        if (random.nextInt(3) == 0) {
            Collections.shuffle(groups, random);
        }
        List<Shown> shown = new ArrayList<>();
        for (Shown group : groups) {
            if (random.nextInt(8) > 0) {
                shown.add(new Shown(group.model(), group.user(), random.nextInt(3)));
            }
            if (random.nextInt(12) == 0) {
                shown.add(new Shown(group.model(), group.user(), random.nextInt(3)));
            }
        }
        return shown;
    }

    private static Page.Buckets decode(List<List<Shown>> buckets) throws Exception {
        StringBuilder page = new StringBuilder("{\"object\":\"page\",\"data\":[");
        for (int i = 0; i < buckets.size(); i++) {
            page.append(i == 0 ? "" : ",")
                    .append("{\"object\":\"bucket\",\"start_time\":")
                    .append(START + 3_600L * i)
                    .append(",\"end_time\":")
                    .append(START + 3_600L * (i + 1))
                    .append(",\"results\":[")
                    .append(String.join(
                            ",", buckets.get(i).stream().map(Shown::json).toList()))
                    .append("]}");
        }
        byte[] body = page.append("],\"has_more\":false,\"next_page\":null}")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        PageDecoder reader = new PageDecoder(
                Catalogue.endpoint(Given.type(new OpenAi(InstantSource.system()), "completions")),
                List.of("model", "user_id"),
                Grain.HOUR,
                new UserNames(new SourceSettings.UserIds.Keep()),
                new Redaction(List.of()),
                new Drift("acme"));
        Instant now = Given.ONE_DAY.to();
        return reader.read(body, Given.ONE_DAY, Optional.of(now), now);
    }
}
