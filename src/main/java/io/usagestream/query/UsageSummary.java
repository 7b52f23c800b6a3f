package io.usagestream.query;

import static java.time.ZoneOffset.UTC;

import io.usagestream.stream.Event;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Publication.EntityChange;
import io.usagestream.stream.Publication.EventRevision;
import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Publication.QuarantinedRow;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Folds the rows that hold into a usage summary: each row once, in its last revision, in any order. Sums are exact, memory is
 * bounded by the number of lines that come out.
 */
public final class UsageSummary {
    /** Events beyond that many are counted, not shown: the oldest go. */
    static final int MAX_EVENTS = 10_000;

    private static final Comparator<EventRevision> BY_TIME = Comparator.<EventRevision, Instant>comparing(
                    revision -> revision.event().time())
            .thenComparing(EventRevision::id);
    private static final Predicate<Sums> ALL = sums -> true;

    private final UsageQuestion question;
    private final Set<Split> readOnceMore;
    private final Tally streams = new Tally();
    private final Tally consumption = new Tally();
    private final Tally models = new Tally();
    private final Tally modelDays = new Tally();
    private final Tally assets = new Tally();
    private final Tally nsfw = new Tally();
    private final Tally usages = new Tally();
    private final Tally usageDays = new Tally();
    private final Tally costs = new Tally();
    private final PriorityQueue<EventRevision> events = new PriorityQueue<>(BY_TIME);
    private final Map<String, EntityChange> entities = new HashMap<>();
    private final Map<String, Progress> progress = new TreeMap<>();
    private final SortedSet<Split> withoutProject = new TreeSet<>();
    private final Set<Split> shown = new HashSet<>();
    private final SortedSet<Split> wideBuckets = new TreeSet<>();
    private final SortedMap<Split, Map<Window, Long>> quarantined = new TreeMap<>();
    private final Coverage coverage;
    private long eventCount;
    private boolean withoutTopics;

    /** @param readOnceMore streams that read what another one reads: they count for themselves and in no sum with others */
    public UsageSummary(UsageQuestion question, Set<Split> readOnceMore) {
        this.question = question;
        this.readOnceMore = readOnceMore;
        this.coverage = new Coverage(question);
    }

    private static LocalDate day(Instant time) {
        return LocalDate.ofInstant(time, UTC);
    }

    /**
     * Rows of one split and day that agree in the dimensions that matter here.
     *
     * @param wide whether their buckets are longer than a day
     * @param count how many rows; 0 for a correction of rows that were added
     */
    record Row(
            Split split,
            LocalDate day,
            boolean wide,
            SortedMap<String, Optional<String>> dimensions,
            List<Tally.Number> numbers,
            long count) {}

    /** Adds the last revision of a row; one outside the range or retracted counts for nothing. */
    public void add(PointRevision point) {
        if (!point.retracted()) {
            List<Tally.Number> numbers = new ArrayList<>();
            point.measures()
                    .forEach((name, measure) -> numbers.add(new Tally.Number(name, measure.unit(), measure.value())));
            add(new Row(
                    point.split(), day(point.start()), point.grain() == Grain.WEEK, point.dimensions(), numbers, 1));
        }
    }

    void add(Row row) {
        if (!question.covers(row.day())) {
            return;
        }
        Split split = row.split();
        coverage.add(split, row.day(), row.count());
        if (question.project().isPresent()) {
            Optional<String> project = row.dimensions().get("project_id");
            if (project == null) {
                withoutProject.add(split);
                return;
            }
            if (!project.equals(question.project())) {
                return;
            }
        }
        if (row.wide()) {
            wideBuckets.add(split);
        }
        streams.add(Tally.group(split, Optional.of(split.stream())), row.numbers(), row.count());
        shown.add(split);
        sort(row);
    }

    /** What a row is about is said by its stream where that has a meaning of its own, else by its dimensions. */
    private void sort(Row row) {
        Split split = row.split();
        if (readOnceMore.contains(split)) {
            usage(row, Optional.of(split.stream()));
            return;
        }
        switch (split.stream()) {
            case "consumption" -> into(consumption, row, "user_id");
            case "model-usages" -> model(row, "model_id");
            case "asset-usages" -> into(assets, row, "kind");
            case "nsfw-usages" -> into(nsfw, row, "label");
            case "costs" -> into(costs, row, "line_item");
            case "usages" -> usage(row, dimension(row, "usage_name"));
            default -> {
                usage(row, Optional.of(split.stream()));
                if (row.dimensions().containsKey("user_id")) {
                    into(consumption, row, "user_id");
                }
                if (row.dimensions().containsKey("model")) {
                    model(row, "model");
                }
            }
        }
    }

    private static Optional<String> dimension(Row row, String name) {
        return row.dimensions().getOrDefault(name, Optional.empty());
    }

    private static void into(Tally tally, Row row, String dimension) {
        tally.add(Tally.group(row.split(), dimension(row, dimension)), row.numbers(), row.count());
    }

    private void model(Row row, String dimension) {
        Optional<String> model = dimension(row, dimension);
        models.add(Tally.group(row.split(), model), row.numbers(), row.count());
        daily(UsageSection.MODEL_USAGES_DAILY, modelDays, row, model);
    }

    private void usage(Row row, Optional<String> name) {
        usages.add(Tally.group(row.split(), name), row.numbers(), row.count());
        daily(UsageSection.USAGES_DAILY, usageDays, row, name);
    }

    /** A section that nobody wants is only counted, so its numbers are left out. */
    private void daily(UsageSection section, Tally tally, Row row, Optional<String> name) {
        List<Tally.Number> numbers = question.includes(section) ? row.numbers() : List.of();
        tally.add(Tally.group(row.split(), name, row.day()), numbers, row.count());
    }

    /** Adds the last revision of an event. */
    public void add(EventRevision revision) {
        Event event = revision.event();
        LocalDate day = day(event.time());
        if (revision.retracted() || !question.covers(day)) {
            return;
        }
        coverage.add(revision.split(), day, 1);
        if (question.project().isPresent() && !question.project().get().equals(event.projectId())) {
            return;
        }
        eventCount++;
        List<Tally.Number> cost = event.cost()
                .map(c -> List.of(new Tally.Number(Event.COST, c.unit(), c.value())))
                .orElse(List.of());
        streams.add(Tally.group(revision.split(), Optional.of(revision.split().stream())), cost, 1);
        if (question.includes(UsageSection.ACTIVITY)) {
            events.add(revision);
            if (events.size() > MAX_EVENTS) {
                events.poll();
            }
        }
    }

    /** Adds what an id means; the last one of an id holds. Of those kept the answer has what its lines and events name. */
    public void add(EntityChange change) {
        boolean model = change.entity().kind().equals("models");
        if (question.includes(UsageSection.ENTITIES) || model) {
            entities.put(change.id(), change);
        }
    }

    /** Adds how far a split is; the last one of a split holds. */
    public void add(Progress of) {
        progress.put(of.split().name(), of);
    }

    /** Adds what a day had when it was closed. */
    public void add(Period period) {
        coverage.add(period);
    }

    /** Takes note that there are no topics: no usage is then no answer. */
    void withoutTopics() {
        withoutTopics = true;
    }

    /** Adds a row that was set aside. */
    public void add(QuarantinedRow row) {
        Instant from = question.start().atStartOfDay(UTC).toInstant();
        Instant to = question.end().plusDays(1).atStartOfDay(UTC).toInstant();
        if (row.window().from().isBefore(to) && from.isBefore(row.window().to())) {
            quarantined.computeIfAbsent(row.split(), s -> new HashMap<>()).merge(row.window(), 1L, Long::sum);
        }
    }

    /** The summary of all that was added. */
    public UsageAnswer answer() {
        List<UsageLine> lineItems = sorted(costs, ALL, UsageLine.BY_WEIGHT);
        List<UsageLine> modelLines = sorted(models, ALL, UsageLine.BY_WEIGHT).stream()
                .map(line -> withCosts(line, lineItems))
                .sorted(UsageLine.BY_WEIGHT)
                .toList();
        List<UsageLine> users = sorted(consumption, ALL, UsageLine.BY_WEIGHT);
        Map<UsageSection, Long> counts = new EnumMap<>(UsageSection.class);
        counts.put(UsageSection.USAGES, (long) usages.size());
        counts.put(UsageSection.USAGES_DAILY, (long) usageDays.size());
        counts.put(UsageSection.MODEL_USAGES_DAILY, (long) modelDays.size());
        List<UsageLine> moderation = sorted(nsfw, sums -> !sums.isZero(), UsageLine.BY_WEIGHT);
        counts.put(UsageSection.NSFW_USAGES, (long) moderation.size());
        counts.put(UsageSection.ACTIVITY, eventCount);
        List<EntityChange> meant = entities(modelLines, users);
        counts.put(UsageSection.ENTITIES, (long) meant.size());
        Map<UsageSection, List<UsageLine>> sections = new EnumMap<>(UsageSection.class);
        include(sections, UsageSection.USAGES, sorted(usages, ALL, UsageLine.BY_WEIGHT));
        include(sections, UsageSection.USAGES_DAILY, sorted(usageDays, ALL, UsageLine.BY_DAY));
        include(sections, UsageSection.MODEL_USAGES_DAILY, sorted(modelDays, ALL, UsageLine.BY_DAY));
        include(sections, UsageSection.NSFW_USAGES, moderation);
        return new UsageAnswer(
                question,
                readOnceMore,
                streams.lines(ALL).stream()
                        .sorted(Comparator.comparing(UsageLine::provider)
                                .thenComparing(UsageLine::source)
                                .thenComparing(line -> line.name().orElse("")))
                        .toList(),
                users,
                modelLines,
                sorted(assets, ALL, UsageLine.BY_WEIGHT),
                lineItems,
                counts,
                sections,
                question.includes(UsageSection.ACTIVITY)
                        ? Optional.of(events.stream().sorted(BY_TIME.reversed()).toList())
                        : Optional.empty(),
                meant,
                List.copyOf(progress.values()),
                notes());
    }

    private void include(Map<UsageSection, List<UsageLine>> sections, UsageSection section, List<UsageLine> lines) {
        if (question.includes(section)) {
            sections.put(section, lines);
        }
    }

    private static List<UsageLine> sorted(Tally tally, Predicate<Sums> wanted, Comparator<UsageLine> order) {
        List<UsageLine> lines = tally.lines(wanted);
        lines.sort(order);
        return lines;
    }

    /** OpenAI prices line items, not models: those of a model begin with its name ({@code gpt-…, input}). */
    private static UsageLine withCosts(UsageLine model, List<UsageLine> lineItems) {
        SortedMap<String, BigDecimal> sums = new TreeMap<>(model.sums());
        for (UsageLine item : lineItems) {
            boolean same = item.source().equals(model.source())
                    && item.name()
                            .flatMap(text -> model.name().filter(name -> isOf(name, text)))
                            .isPresent();
            if (same) {
                item.sums().forEach((name, sum) -> {
                    if (name.startsWith("amount/")) {
                        sums.merge(name, sum, BigDecimal::add);
                    }
                });
            }
        }
        sums.replaceAll((name, sum) -> Measure.plain(sum));
        return new UsageLine(model.provider(), model.source(), model.name(), model.day(), model.rows(), sums);
    }

    private static boolean isOf(String model, String lineItem) {
        return lineItem.equals(model) || lineItem.startsWith(model + ",");
    }

    /** The entities that the lines and the events name. */
    private List<EntityChange> entities(List<UsageLine> modelLines, List<UsageLine> users) {
        Set<String> named = new HashSet<>();
        modelLines.forEach(line -> line.name().ifPresent(id -> named.add(line.source() + "/models/" + id)));
        users.forEach(line -> line.name().ifPresent(id -> named.add(line.source() + "/users/" + id)));
        for (EventRevision revision : events) {
            String source = revision.split().source();
            Event event = revision.event();
            named.add(source + "/users/" + event.userId());
            event.modelId().ifPresent(id -> named.add(source + "/models/" + id));
            event.assetId().ifPresent(id -> named.add(source + "/assets/" + id));
            event.jobId().ifPresent(id -> named.add(source + "/jobs/" + id));
            event.collectionId().ifPresent(id -> named.add(source + "/collections/" + id));
        }
        return entities.values().stream()
                .filter(e -> named.contains(e.split().source() + "/"
                        + e.entity().kind() + "/" + e.entity().id()))
                .sorted(Comparator.comparing(EntityChange::id))
                .toList();
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (withoutTopics) {
            notes.add("there are no such topics, or nothing was ever read into them: see topics.prefix and"
                    + " kafka.bootstrap.servers");
        }
        if (!withoutProject.isEmpty()) {
            notes.add("left out, because their rows name no project: " + names(withoutProject));
        }
        SortedSet<Split> more = new TreeSet<>(readOnceMore);
        more.retainAll(shown);
        if (!more.isEmpty()) {
            notes.add(
                    "read what another stream reads, and are in no total, of models and users neither: " + names(more));
        }
        if (!wideBuckets.isEmpty()) {
            notes.add("buckets of 7 days count whole on the day they begin: " + names(wideBuckets));
        }
        notes.addAll(coverage.notes(progress.values()));
        coverage.quarantined().forEach((split, rows) -> notes.add(notUnderstood(rows, split, "final")));
        quarantined.forEach((split, windows) -> {
            long rows = windows.entrySet().stream()
                    .filter(of -> coverage.isOpen(split, of.getKey()))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
            if (rows > 0) {
                notes.add(notUnderstood(rows, split, "not final yet"));
            }
        });
        if (eventCount > MAX_EVENTS && question.includes(UsageSection.ACTIVITY)) {
            notes.add("of " + eventCount + " events the newest " + MAX_EVENTS
                    + " are shown; `usagestream tail activity --from-beginning` has all");
        }
        Instant end = question.end().plusDays(1).atStartOfDay(UTC).toInstant();
        List<String> changing = progress.values().stream()
                .filter(p -> p.watermark().isBefore(end))
                .map(p -> p.split().name())
                .toList();
        if (!changing.isEmpty()) {
            notes.add("not final yet, numbers of the range may still change: " + Listing.of(changing));
        }
        return List.copyOf(notes);
    }

    private static String notUnderstood(long rows, Split split, String days) {
        return rows + " rows of " + split + " could not be understood and are not in these numbers, of days that are "
                + days;
    }

    private static String names(Set<Split> splits) {
        return Listing.of(splits.stream().map(Split::name).toList());
    }
}
