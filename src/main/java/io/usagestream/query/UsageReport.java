package io.usagestream.query;

import io.usagestream.envelope.CloudEvents;
import io.usagestream.envelope.EventDays;
import io.usagestream.envelope.Reader;
import io.usagestream.envelope.RecordType;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.EntityChange;
import io.usagestream.stream.Publication.EventRevision;
import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Publication.QuarantinedRow;
import io.usagestream.stream.Split;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Answers usage questions from the topics. Points are summed up in one pass; where that is not exact, and for events, there are
 * two: keys and headers first, to find the revisions that hold, then those alone are decoded. It blocks the thread that calls it.
 */
public final class UsageReport {
    private final CommittedTopics topics;
    private final IntFunction<String> schemas;
    private final Set<Split> readOnceMore;
    private final Reader reader = new Reader();

    /**
     * @param schemas gives the schema of a registry's id; may block
     * @param readOnceMore streams that read what another one reads
     */
    public UsageReport(CommittedTopics topics, IntFunction<String> schemas, Set<Split> readOnceMore) {
        this.topics = topics;
        this.schemas = schemas;
        this.readOnceMore = Set.copyOf(readOnceMore);
    }

    /** @throws TooMuchException when the range holds more than an answer can */
    public UsageAnswer answer(UsageQuestion question) {
        // what is said of rows ends before the rows do: a day closed meanwhile is neither unread nor short of rows
        CommittedTopics.Extent progress = topics.extent(RecordType.PROGRESS);
        CommittedTopics.Extent periods = topics.extent(RecordType.PERIOD);
        UsageSummary summary = points(question);
        if (progress.ends().values().stream().allMatch(end -> end == 0)) {
            summary.withoutTopics();
        }
        latest(RecordType.ACTIVITY, question, publication -> summary.add((EventRevision) publication));
        all(RecordType.ENTITY, publication -> summary.add((EntityChange) publication));
        all(RecordType.QUARANTINE, publication -> summary.add((QuarantinedRow) publication));
        EventDays ends =
                new EventDays(question.start().plusDays(1), question.end().plusDays(1));
        topics.read(periods, record -> {
            if (ends.mayHold(record.headers())) {
                publication(RecordType.PERIOD, record).ifPresent(publication -> summary.add((Period) publication));
            }
        });
        topics.read(
                progress,
                record -> publication(RecordType.PROGRESS, record)
                        .ifPresent(publication -> summary.add((Progress) publication)));
        return summary.answer();
    }

    /** In one pass, if the revisions that the topic still holds allow it; else in two. */
    private UsageSummary points(UsageQuestion question) {
        UsageSummary summary = new UsageSummary(question, readOnceMore);
        PointCells cells = new PointCells(summary, question, reader);
        EventDays days = new EventDays(question.start(), question.end());
        topics.read(topics.extent(RecordType.POINT), record -> {
            if (days.mayHold(record.headers())) {
                reader.learnFor(record.value(), schemas);
                cells.add(record);
            }
        });
        if (cells.finish()) {
            return summary;
        }
        UsageSummary again = new UsageSummary(question, readOnceMore);
        latest(RecordType.POINT, question, publication -> again.add((PointRevision) publication));
        return again;
    }

    private void latest(RecordType type, UsageQuestion question, Consumer<Publication> sink) {
        EventDays days = new EventDays(question.start(), question.end());
        CommittedTopics.Extent extent = topics.extent(type);
        LatestRevisions latest = new LatestRevisions();
        topics.read(extent, record -> {
            if (days.mayHold(record.headers())) {
                latest.add(record);
            }
        });
        if (latest.size() > 0) {
            LatestRevisions.Places places = latest.places();
            topics.read(extent, record -> {
                if (places.next(record)) {
                    publication(type, record).ifPresent(sink);
                }
            });
        }
    }

    private void all(RecordType type, Consumer<Publication> sink) {
        topics.read(topics.extent(type), record -> publication(type, record).ifPresent(sink));
    }

    private Optional<Publication> publication(RecordType type, ConsumerRecord<byte[], byte[]> record) {
        Optional<Split> split = CloudEvents.split(record.headers());
        if (split.isEmpty()) { // not written by this service
            return Optional.empty();
        }
        reader.learnFor(record.value(), schemas);
        return Optional.of(reader.publication(type, split.get(), record.value()));
    }
}
