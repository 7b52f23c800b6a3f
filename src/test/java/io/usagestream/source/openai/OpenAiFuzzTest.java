package io.usagestream.source.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.source.Drift;
import io.usagestream.source.Given;
import io.usagestream.source.SourceSettings.UserIds;
import io.usagestream.source.StreamType;
import io.usagestream.source.UserNames;
import io.usagestream.source.http.ErrorInstead;
import io.usagestream.source.json.Admitting;
import io.usagestream.source.json.Alone;
import io.usagestream.source.json.Fuzzing;
import io.usagestream.source.json.Redaction;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Ids;
import io.usagestream.stream.Page;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Split;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OpenAiFuzzTest {
    private static final Drift DRIFT = new Drift("acme");
    private static final OpenAi PROVIDER = new OpenAi(InstantSource.system());
    private static final String USAGE = """
            {"object":"page","data":[
             {"object":"bucket","start_time":1795046400,"end_time":1795050000,"start_time_iso":"2026-11-19T00:00:00+00:00","results":[
              {"object":"organization.usage.completions.result","input_tokens":1000,"output_tokens":500,"num_model_requests":5,
               "input_cached_tokens":400,"project_id":"proj_1","user_id":"user-1","api_key_id":null,"model":"gpt-5","batch":false},
              {"object":"organization.usage.completions.result","input_tokens":7,"output_tokens":0,"num_model_requests":1,
               "project_id":"proj_2","user_id":null,"api_key_id":null,"model":"gpt-5","batch":true,"service_tier":"flex"}]},
             {"object":"bucket","start_time":1795050000,"end_time":1795053600,"results":[]},
             {"object":"bucket","start_time":1795053600,"end_time":1795057200,"results":[
              {"object":"organization.usage.completions.result","input_tokens":1,"output_tokens":2,"num_model_requests":3,"mood":2.5}]}],
             "has_more":true,"next_page":"page_AAAAAGdGxdEiJdKOAAAAAGcqsYA="}""";
    private static final String COSTS = """
            {"object":"page","data":[{"object":"bucket","start_time":1795046400,"end_time":1795132800,"results":[
              {"object":"organization.costs.result","amount":{"value":"0.003627500000000000000000000000000000","currency":"usd"},
               "line_item":"gpt-5, input","project_id":"p","quantity":1.5,"quantity_unit":"1000_tokens"},
              {"object":"organization.costs.result","amount":{"value":"0E-6176","currency":"usd"},"line_item":null,"project_id":"p"},
              {"object":"organization.costs.result","amount":{"value":-1.25,"currency":"usd"},"line_item":"credit","project_id":"p"}]}],
             "has_more":false,"next_page":null}""";

    @Test
    void whatever_comes_every_row_is_a_point_or_set_aside() {
        for (StreamType type : PROVIDER.streams()) {
            boolean costs = type.name().equals("costs");
            Grain width = costs ? Grain.DAY : Grain.HOUR;
            Fuzzing.run(
                    type.name(),
                    List.of(costs ? COSTS : usage(type)),
                    Fuzzing.pages(),
                    page -> decode(type, width, page));
        }
        StreamType custom = Catalogue.custom("weather", "/organization/usage/weather");
        Fuzzing.run("a custom stream", List.of(USAGE), Fuzzing.pages(), page -> decode(custom, Grain.HOUR, page));
    }

    /** The same page with the numbers and the object that the stream has. */
    private static String usage(StreamType type) {
        Endpoint endpoint = Catalogue.endpoint(type);
        String numbers = endpoint.required().stream()
                .sorted()
                .map(name -> "\"" + name + "\":8")
                .collect(Collectors.joining(","));
        String page = USAGE.replace(
                "organization.usage.completions.result", endpoint.object().orElseThrow());
        return type.name().equals("completions")
                ? page
                : page.replaceAll("\"input_tokens\":\\d+,", Matcher.quoteReplacement(numbers + ","))
                        .replaceAll("\"(output_tokens|num_model_requests|input_cached_tokens)\":\\d+,", "");
    }

    private static long decode(StreamType type, Grain width, byte[] body) throws Exception {
        Split split = Given.split(PROVIDER, type.name());
        PageDecoder reader = new PageDecoder(
                Catalogue.endpoint(type),
                type.dimensions(),
                width,
                new UserNames(new UserIds.Keep()),
                new Redaction(List.of()),
                DRIFT);
        Alone.Reading reading =
                page -> reader.read(page, Given.ONE_DAY, Optional.empty(), Given.DAY.plus(Duration.ofDays(2)));
        Page.Buckets page;
        try {
            page = reading.read(body);
        } catch (ErrorInstead e) {
            return 0;
        }
        page.quarantined().forEach(Fuzzing::check);
        Map<String, String> values = Fuzzing.values(body);
        Set<Integer> whole =
                page.quarantined().stream().map(OpenAiFuzzTest::index).collect(Collectors.toSet());
        Iterator<Bucket> buckets = page.buckets().iterator();
        long shown = 0;
        for (int i = 0; values.containsKey("/data/" + i); i++) {
            if (!whole.contains(i)) {
                shown += rows(reading, values, "/data/" + i, buckets.next());
            }
        }
        assertThat(buckets.hasNext()).as("no bucket that was not shown").isFalse();
        for (Bucket bucket : page.buckets()) {
            bucket.quarantined().forEach(Fuzzing::check);
            bucket.rows().forEach(point -> {
                assertThat(point.measures()).isNotEmpty();
                assertThat(Ids.point(split, point)).isNotEmpty();
            });
        }
        Admitting.buckets(split, page);
        return shown;
    }

    /** The rows of one bucket, each read alone and all together. */
    private static int rows(Alone.Reading reading, Map<String, String> values, String pointer, Bucket bucket)
            throws Exception {
        String results = pointer + (values.containsKey(pointer + "/results") ? "/results/" : "/result/");
        Alone alone = new Alone(reading);
        int i = 0;
        for (; values.containsKey(results + i); i++) {
            String page = "{\"data\":[{\"start_time\":" + bucket.start().getEpochSecond() + ",\"end_time\":"
                    + bucket.end().getEpochSecond() + ",\"results\":[" + values.get(results + i)
                    + "]}],\"has_more\":false}";
            assertThat(alone.row(page)).as("a row says something").isTrue();
        }
        alone.check(List.of(bucket), bucket.quarantined().size());
        return i;
    }

    /** {@code /data/7/…} is of bucket 7. */
    private static int index(Quarantined bucket) {
        return Integer.parseInt(bucket.pointer().split("/")[2]);
    }
}
