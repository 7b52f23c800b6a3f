package io.usagestream.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Questions over HTTP that would be answered as if they were others. */
final class UsageApiTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            strt-date=2026-11-01 | 'strt-date' is not one of the parameters start-date
            include=usages&include=activity | include is there twice
            start_date=2026-11-01&start-date=2026-11-02 | start-date is there twice
            format=markdwn | 'markdwn' is not json or markdown
            start-date=2026-11-31 | '2026-11-31' is not a day
            end-date=+10000-01-01 | '+10000-01-01' is not a day
            start-date=-0001-01-01 | '-0001-01-01' is not a day
            """)
    void aParameterThatWouldBeLeftOutIsRefused(String query, String why) {
        MultiMap parameters = MultiMap.caseInsensitiveMultiMap();
        for (String one : query.split("&")) {
            parameters.add(one.split("=")[0], one.split("=")[1]);
        }
        Vertx vertx = Vertx.vertx();
        try {
            UsageApi api = new UsageApi(vertx, Map.of(), "usage", Optional.empty(), Set.of(), Clock.systemUTC());
            UsageApi.Reply reply = api.answer(parameters).await();
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.text()).contains(why);
        } finally {
            vertx.close().await();
        }
    }
}
