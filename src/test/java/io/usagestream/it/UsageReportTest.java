package io.usagestream.it;

import static io.usagestream.stream.Grain.DAY;
import static io.usagestream.stream.Grain.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.query.CommittedTopics;
import io.usagestream.query.Rows;
import io.usagestream.query.UsageAnswer;
import io.usagestream.query.UsageQuestion;
import io.usagestream.query.UsageReport;
import io.usagestream.query.UsageSection;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.stream.Publication.PointRevision;
import io.vertx.core.Vertx;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UsageReportTest {
    private static final UsageQuestion NOVEMBER = new UsageQuestion(
            LocalDate.parse("2026-11-01"),
            LocalDate.parse("2026-11-30"),
            Optional.empty(),
            Set.of(UsageSection.ACTIVITY));

    private final KafkaSettings settings = SharedKafka.instance().settings(1);

    private UsageAnswer ask() {
        try (CommittedTopics topics = new CommittedTopics(settings.client(), settings.prefix())) {
            return new UsageReport(topics, id -> "", Set.of()).answer(NOVEMBER);
        }
    }

    private void prepare() throws Exception {
        Vertx vertx = Vertx.vertx();
        new Topics(vertx, settings, SharedKafka.topics())
                .prepare()
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        vertx.close();
    }

    @Test
    void theLastCommittedRevisionOfEveryRowCountsOnce() throws Exception {
        prepare();
        Rows rows = new Rows();
        try (Published published = new Published(settings)) {
            published.commit(
                    rows.row(Rows.COSTS, "2026-11-05T00:00:00Z", DAY, "line_item=a", "amount=1 usd"),
                    rows.row(Rows.COSTS, "2026-11-05T00:00:00Z", DAY, "line_item=b", "amount=10 usd"),
                    rows.row(Rows.COSTS, "2026-12-01T00:00:00Z", DAY, "line_item=a", "amount=100000 usd"),
                    Rows.event("2026-11-05T10:00:00Z", "p", "u", 1, 1, ""),
                    Rows.progress(Rows.COSTS, "2026-12-01T00:00:00Z"));
            published.commit(
                    rows.row(Rows.COSTS, "2026-11-05T00:00:00Z", DAY, "line_item=a", "amount=2.5 usd"),
                    Rows.event("2026-11-05T10:00:00Z", "p", "u", 1, 2, "0.75"));
            PointRevision image = rows.row(Rows.ASSETS, "2026-11-05T00:00:00Z", HOUR, "kind=image", "count=3 assets");
            published.commit(image, rows.gone(image));
            published.abort(rows.row(Rows.COSTS, "2026-11-05T00:00:00Z", DAY, "line_item=a", "amount=77 usd"));
            published.commit(NOVEMBER.start()
                    .datesUntil(NOVEMBER.end().plusDays(1))
                    .filter(day -> day.getDayOfMonth() != 30)
                    .map(day -> Rows.period(Rows.COSTS, day, 1, day.getDayOfMonth() == 5 ? 3 : 0))
                    .toList());
        }

        UsageAnswer answer = ask();

        assertThat(lineItems(answer)).containsExactly("b 10", "a 2.5");
        assertThat(answer.assets()).isEmpty();
        assertThat(answer.activity().orElseThrow()).singleElement().satisfies(event -> {
            assertThat(event.revision()).isEqualTo(2);
            assertThat(event.event().cost().orElseThrow().value()).isEqualByComparingTo("0.75");
        });
        assertThat(answer.freshness()).hasSize(1);
        assertThat(answer.notes())
                .containsExactly(
                        "not read, or not whole: 2026-11-30 of acme/costs",
                        "the topic has fewer rows than when the day was closed, as after its retention: 2026-11-05 of"
                                + " acme/costs");
    }

    @Test
    void aRevisionThatIsMissingOrComesLateChangesNoSum() throws Exception {
        prepare();
        Rows rows = new Rows();
        PointRevision[] gap = new PointRevision[3];
        PointRevision[] late = new PointRevision[3];
        for (int i = 0; i < 3; i++) {
            String amount = "amount=" + "1".repeat(i + 1) + " usd";
            gap[i] = rows.row(Rows.COSTS, "2026-11-05T00:00:00Z", DAY, "line_item=gap", amount);
            late[i] = rows.row(Rows.COSTS, "2026-11-06T00:00:00Z", DAY, "line_item=late", amount);
        }
        try (Published published = new Published(settings)) {
            published.commit(gap[0], gap[2]);
        }
        assertThat(lineItems(ask())).containsExactly("gap 111");

        try (Published published = new Published(settings)) {
            published.commit(gap[1], late[1], late[0], late[2]);
        }
        assertThat(lineItems(ask())).containsExactly("gap 111", "late 111");
    }

    private static List<String> lineItems(UsageAnswer answer) {
        return answer.costs().stream()
                .map(line -> line.name().orElse("") + " " + line.sums().get("amount/usd"))
                .toList();
    }

    @Test
    void withoutTopicsThereIsNoUsage() {
        assertThat(ask().streams()).isEmpty();
        assertThat(ask().notes())
                .as("a mistyped prefix is not a month without usage")
                .singleElement()
                .asString()
                .startsWith("there are no such topics");
    }
}
