package io.usagestream.sink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.usagestream.envelope.UnreadableException;
import io.usagestream.envelope.WorkFormat;
import io.usagestream.stream.Split;
import io.usagestream.stream.Work;
import io.usagestream.stream.WorkStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the records of the requests topic say together: the work that is asked for, and how far each split is with it. */
final class WorkFold {
    private static final Logger LOG = LoggerFactory.getLogger(WorkFold.class);

    /** By id, in the order in which it was asked for. */
    private final Map<String, Work> asked = new LinkedHashMap<>();

    /** By id and the split's name. */
    private final Map<String, Map<String, WorkStatus>> statuses = new HashMap<>();

    /**
     * Takes a record. A request without a value is forgotten with all that was said of it; until then a status without one changes
     * nothing, so that finished work never looks as if it were to be done.
     *
     * @return the id of the work that it is about; empty when it cannot be read, which costs no other record
     */
    Optional<String> take(byte @Nullable [] key, byte @Nullable [] value) {
        if (key == null) {
            return Optional.empty();
        }
        String text = new String(key, UTF_8);
        try {
            return Optional.of(WorkFormat.isStatus(text) ? status(text, value) : request(text, value));
        } catch (UnreadableException
                | IllegalArgumentException
                | IndexOutOfBoundsException e) { // anybody can write here
            LOG.atWarn()
                    .addKeyValue("key", text)
                    .addKeyValue("cause", e.toString())
                    .log("a request that cannot be read is passed over");
            return Optional.empty();
        }
    }

    private String request(String id, byte @Nullable [] value) {
        if (value == null) {
            asked.remove(id);
            statuses.remove(id);
        } else {
            asked.put(id, WorkFormat.work(value));
        }
        return id;
    }

    /** What is finished stays so. */
    private String status(String key, byte @Nullable [] value) {
        int slash = key.indexOf('/');
        String id = key.substring(0, slash);
        String split = key.substring(slash + 1);
        if (value != null) {
            WorkStatus status = WorkFormat.status(value);
            statuses.computeIfAbsent(id, i -> new HashMap<>())
                    .merge(split, status, (before, news) -> before.finished() ? before : news);
        } else if (!asked.containsKey(id)) {
            statuses.computeIfPresent(id, (i, ofWork) -> {
                ofWork.remove(split);
                return ofWork.isEmpty() ? null : ofWork;
            });
        }
        return id;
    }

    /** Remembers work before its record comes back. */
    void order(Work work) {
        asked.put(work.id(), work);
    }

    /** The work of an id, with the splits that have finished it. */
    Optional<Work> find(String id) {
        return Optional.ofNullable(asked.get(id))
                .map(work -> new Work(
                        work.id(),
                        work.kind(),
                        work.source(),
                        work.stream(),
                        work.window(),
                        statuses(id).values().stream()
                                .filter(WorkStatus::finished)
                                .map(status -> status.split().name())
                                .collect(Collectors.toUnmodifiableSet())));
    }

    /**
     * What was over before a time, by its id: the keys of all that was said of it. Statuses of work that is forgotten already are
     * among it.
     *
     * @param splits the splits that a source has; none of one that is not known, whose work for all its streams is never over
     */
    Map<String, List<byte[]>> over(Instant before, Function<String, Collection<Split>> splits) {
        Map<String, List<byte[]>> over = new LinkedHashMap<>();
        statuses.forEach((id, ofWork) -> {
            boolean lately = ofWork.values().stream()
                    .anyMatch(status -> !status.observedAt().isBefore(before));
            if (!lately && find(id).map(work -> isOver(work, splits)).orElse(true)) {
                over.put(id, ofWork.values().stream().map(WorkFormat::key).toList());
            }
        });
        return over;
    }

    private static boolean isOver(Work work, Function<String, Collection<Split>> splits) {
        if (work.stream().isPresent()) {
            return !work.finished().isEmpty();
        }
        Collection<Split> all = splits.apply(work.source());
        return !all.isEmpty() && work.isOverFor(all);
    }

    /** What owners say of the work, by the split's name. */
    Map<String, WorkStatus> statuses(String id) {
        return Map.copyOf(statuses.getOrDefault(id, Map.of()));
    }
}
