package io.usagestream.source.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.usagestream.source.Drift;
import io.usagestream.source.Given;
import io.usagestream.source.SourceSettings.UserIds;
import io.usagestream.source.UserNames;
import io.usagestream.source.http.ErrorInstead;
import io.usagestream.source.json.Admitting;
import io.usagestream.source.json.Alone;
import io.usagestream.source.json.Fuzzing;
import io.usagestream.source.json.Redaction;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.Event;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Identity;
import io.usagestream.stream.LogRow;
import io.usagestream.stream.Page;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Split;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ScenarioFuzzTest {
    private static final Drift DRIFT = new Drift("studio");
    private static final Instant NOW = Given.DAY.plus(Duration.ofHours(20));
    private static final String SERIES = """
            {"modelUsages":[{"modelId":"m1","points":[
               {"cost":1.5,"discount":0,"apiKeyCost":0,"apiKeyDiscount":-0.5,"jobs":2,"time":"2026-11-19T10:00:00.000Z"},
               {"cost":0,"discount":0,"apiKeyCost":0,"apiKeyDiscount":0,"jobs":0,"time":"2026-11-19T11:00:00.000Z"},
               {"cost":0,"discount":0,"apiKeyCost":0,"apiKeyDiscount":0,"jobs":0,"time":"2026-11-19T23:00:00.000Z"}]},
              {"modelId":"m2","points":[{"cost":30.5,"discount":1,"apiKeyCost":2,"apiKeyDiscount":3,"jobs":4,"time":"2026-11-19T10:00:00Z"}]}],
             "usages":[{"usageName":"captioning","granularity":"1h","points":[{"apiKey":"0","value":"12.5","time":"2026-11-19T10:00:00Z"}]}],
             "entities":{"users":[{"id":"u","email":"a@example.com"}]}}""";
    private static final String CONSUMPTION = """
            {"consumption":[{"userId":"ann","value":10.5,"discount":1,"total":11.5},{"userId":"bob","value":-1,"discount":0,"total":-1}]}""";
    private static final String ACTIVITY = """
            {"activity":[{"action":"asset","data":{"assetId":"a","isApiKey":true,"jobId":"j","modelId":"m",
               "byokProvider":{"id":"b","displayName":"B"}},"projectId":"p","userId":"u","time":"2026-11-19T10:00:00.123Z","creativeUnitsCost":1.5},
              {"action":"inference","data":{},"projectId":"p","userId":"u","time":"2026-11-19T09:00:00Z"}]}""";

    private static final String ENTITIES = """
            {"activity":[],"entities":{"models":[{"id":"m","name":"Model"},{"id":"n","name":"Other","type":"flux"}],
              "collections":[{"id":"c","name":"C"}],"assets":[{"id":"a","name":"A","metadata":{"prompt":"p"}}],
              "jobs":[{"id":"j","jobType":"inference","metadata":{"input":{"prompt":"p"}}}],
              "users":[{"id":"u","email":"a@example.com","name":"Ann"}]}}""";

    @Test
    void whatever_comes_every_row_is_kept_or_set_aside() {
        for (Section section :
                List.of(Section.USAGES, Section.MODEL_USAGES, Section.ASSET_USAGES, Section.NSFW_USAGES)) {
            Fuzzing.run(section.stream(), List.of(page(section)), Fuzzing.pages(), page -> series(section, page));
        }
        Fuzzing.run("consumption", List.of(CONSUMPTION), Fuzzing.pages(), ScenarioFuzzTest::rows);
        Fuzzing.run("activity", List.of(ACTIVITY), Fuzzing.pages(), ScenarioFuzzTest::rows);
        Fuzzing.run("entities", List.of(ENTITIES), Fuzzing.pages(), ScenarioFuzzTest::entities);
    }

    /** A page of that section, with two series. */
    private static String page(Section section) {
        if (section == Section.MODEL_USAGES) {
            return SERIES;
        }
        String name = section.nameField();
        String numbers = section.numbers().stream()
                .map(number -> "\"" + number.field() + "\":" + (number.asText() ? "\"1.5\"" : "2.5"))
                .collect(Collectors.joining(","));
        String granularity = section == Section.USAGES ? "\"granularity\":\"1h\"," : "";
        String series = "{\"" + name + "\":\"%s\"," + granularity + "\"points\":[{" + numbers
                + ",\"time\":\"2026-11-19T10:00:00Z\"},{" + numbers + ",\"time\":\"2026-11-19T11:00:00.000Z\"}]}";
        String usages = section == Section.USAGES
                ? ""
                : ",\"usages\":[{\"usageName\":\"captioning\",\"granularity\":\"1h\",\"points\":[]}]";
        return "{\"" + section.member() + "\":[" + series.formatted("one") + "," + series.formatted("two") + "]"
                + usages + ",\"entities\":{\"users\":[{\"id\":\"u\",\"email\":\"a@example.com\"}]}}";
    }

    private static long entities(byte[] body) throws Exception {
        try {
            Page.Entities page = new EntitiesDecoder(new Wanted(List.of()), new Redaction(List.of()), DRIFT)
                    .decode(body, Given.ONE_DAY, Optional.empty());
            page.quarantined().forEach(Fuzzing::check);
            Admitting.entities(split("entities"), page);
            return page.entities().size() + page.quarantined().size();
        } catch (ErrorInstead e) {
            return 0;
        }
    }

    private static Split split(String stream) {
        return new Split("scenario", "studio", stream);
    }

    private static long series(Section asked, byte[] body) throws Exception {
        Alone.Reading reading = page -> new SeriesDecoder(asked, new Redaction(List.of()), false, DRIFT)
                .decode(page, Given.ONE_DAY, Optional.empty(), NOW);
        Page.Buckets page;
        try {
            page = reading.read(body);
        } catch (ErrorInstead e) {
            return 0;
        }
        Map<String, String> values = Fuzzing.values(body);
        String list = "/" + asked.member() + "/";
        Set<String> whole = page.quarantined().stream()
                .map(Quarantined::pointer)
                .filter(pointer -> !pointer.matches(list + "\\d+/points/\\d+.*"))
                .map(pointer -> pointer.split("/")[2])
                .collect(Collectors.toSet());
        Alone alone = new Alone(reading);
        long shown = 0;
        for (int i = 0; values.containsKey(list + i); i++) {
            if (whole.contains(Integer.toString(i))) {
                alone.setAside();
                shown++;
            } else {
                String name = values.getOrDefault(list + i + "/" + asked.nameField(), "");
                String points = list + i + "/points/";
                for (int p = 0; values.containsKey(points + p); p++) {
                    String point = values.getOrDefault(points + p, "");
                    if (!alone.row(one(asked, page.grain(), name, point))) {
                        assertThat(isZeroToCome(asked, point))
                                .as("nothing is said by %s", point)
                                .isTrue();
                    }
                    shown++;
                }
            }
        }
        alone.check(page.buckets(), aside(page));
        Admitting.buckets(split(asked.stream()), page);
        return shown;
    }

    /** A page with one point. */
    private static String one(Section section, Grain grain, String name, String point) {
        String granularity = "\"granularity\":\"" + grain + "\",";
        return "{\"" + section.member() + "\":[{\"" + section.nameField() + "\":" + name + ","
                + (section == Section.USAGES ? granularity : "") + "\"points\":[" + point + "]}]"
                + (section == Section.USAGES
                        ? "}"
                        : ",\"usages\":[{\"usageName\":\"captioning\"," + granularity + "\"points\":[]}]}");
    }

    private static boolean isZeroToCome(Section section, String point) throws Exception {
        JsonNode fields = Fuzzing.tree(point.getBytes(StandardCharsets.ISO_8859_1));
        for (Section.Number number : section.numbers()) {
            JsonNode value = fields.path(number.field());
            if (!value.isMissingNode() && !value.isNull() && Double.parseDouble(value.asText()) != 0) {
                return false;
            }
        }
        return Instant.parse(fields.get("time").textValue()).isAfter(NOW);
    }

    private static long rows(byte[] body) throws Exception {
        UserNames users = new UserNames(new UserIds.Keep());
        boolean consumption = new String(body, StandardCharsets.ISO_8859_1).contains("\"consumption\"");
        try {
            if (consumption) {
                Alone.Reading reading = page -> new ConsumptionDecoder(users, new Redaction(List.of()), DRIFT)
                        .decode(page, Given.ONE_DAY, Optional.empty());
                Page.Buckets page = reading.read(body);
                Map<String, String> values = Fuzzing.values(body);
                Alone alone = new Alone(reading);
                int shown = 0;
                for (; values.containsKey("/consumption/" + shown); shown++) {
                    assertThat(alone.row("{\"consumption\":[" + values.get("/consumption/" + shown) + "]}"))
                            .isTrue();
                }
                alone.check(page.buckets(), aside(page));
                Admitting.buckets(split("consumption"), page);
                return shown;
            }
            Page.Log log =
                    new ActivityDecoder(users, new Redaction(List.of()), DRIFT).decode(body, Optional.empty(), NOW);
            for (LogRow row : log.rows()) {
                if (row instanceof Event event) {
                    assertThat(Identity.parse(Identity.text(event)).time()).isEqualTo(event.time());
                } else {
                    Fuzzing.check((Quarantined) row);
                }
            }
            assertThat(log.rows()).hasSize(Fuzzing.tree(body).get("activity").size());
            Admitting.log(split("activity"), log);
            return log.rows().size();
        } catch (ErrorInstead e) {
            return 0;
        }
    }

    private static long aside(Page.Buckets page) {
        long aside = page.quarantined().size();
        page.quarantined().forEach(Fuzzing::check);
        for (Bucket bucket : page.buckets()) {
            aside += bucket.quarantined().size();
            bucket.quarantined().forEach(Fuzzing::check);
        }
        return aside;
    }
}
