package io.usagestream.query;

import static io.usagestream.stream.Grain.DAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.envelope.Envelope;
import io.usagestream.envelope.Message;
import io.usagestream.envelope.Reader;
import io.usagestream.envelope.WireFormat;
import io.usagestream.stream.Publication.PointRevision;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class PointCellsTest {
    private static final UsageQuestion QUESTION =
            new UsageQuestion(LocalDate.parse("2026-11-01"), LocalDate.parse("2026-11-02"), Optional.empty(), Set.of());

    private final Rows rows = new Rows();
    private final Envelope envelope = new Envelope(new WireFormat.SingleObject());
    private final UsageSummary summary = new UsageSummary(QUESTION, Set.of());
    private final PointCells cells = new PointCells(summary, QUESTION, new Reader());
    private long offset;

    private PointRevision point(String user, String value) {
        return rows.row(Rows.CONSUMPTION, "2026-11-01T00:00:00Z", DAY, "user_id=" + user, "value=" + value + " cu");
    }

    private void add(PointRevision point) {
        Message message = envelope.encode(point);
        cells.add(new ConsumerRecord<>(
                "usage.points",
                0,
                offset++,
                0,
                TimestampType.CREATE_TIME,
                message.key().length,
                message.value().length,
                message.key().clone(),
                message.value().clone(),
                new RecordHeaders(message.headers()),
                Optional.empty()));
    }

    /** More users than there are cells at a time, some with a revision at once, some with another long after. */
    @Test
    void sumsAreExactHoweverManyCellsAndKeysThereAre() {
        int users = 60_000;
        for (int i = 0; i < users; i++) {
            add(point("u" + i, "1.5"));
            if (i % 2 == 0) {
                add(point("u" + i, "4"));
            }
        }
        for (int i = 0; i < users; i += 4) {
            add(point("u" + i, "6"));
        }

        assertThat(cells.finish()).isTrue();
        UsageAnswer answer = summary.answer();
        assertThat(answer.streams()).singleElement().satisfies(line -> {
            assertThat(line.rows()).isEqualTo(users);
            assertThat(line.sum("value/cu"))
                    .isEqualByComparingTo("195000"); // 30,000 of 1.5, 15,000 of 4 and as many of 6
        });
        // counted by hand, because to describe so many wrong lines takes minutes
        long once =
                answer.consumption().stream().filter(line -> line.rows() == 1).count();
        assertThat(once).isEqualTo(users);
    }

    @Test
    void aRetractionTakesItsRowAway() {
        PointRevision point = point("u", "7");
        add(point);
        add(rows.gone(point));
        add(point("v", "1"));

        assertThat(cells.finish()).isTrue();
        assertThat(summary.answer().consumption())
                .extracting(line -> line.name().orElse(""))
                .containsExactly("v");
    }

    @Test
    void whatBeginsWithALaterRevisionCountsWithItsValue() {
        point("u", "7");
        add(point("u", "9"));

        assertThat(cells.finish()).isTrue();
        assertThat(summary.answer().consumption())
                .singleElement()
                .satisfies(line -> assertThat(line.sum("value/cu")).isEqualByComparingTo("9"));
    }

    @Test
    void aMissingRevisionIsNoticed() {
        add(point("u", "1"));
        point("u", "2");
        add(point("u", "3"));

        assertThat(cells.finish()).isFalse();
    }

    @Test
    void aLateRevisionIsNoticed() {
        PointRevision first = point("u", "1");
        add(point("u", "2"));
        add(first);

        assertThat(cells.finish()).isFalse();
    }
}
