package io.usagestream.query;

import io.usagestream.stream.Event;
import io.usagestream.stream.Publication.EntityChange;
import io.usagestream.stream.Publication.EventRevision;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Reason;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A usage summary as Markdown, for people: tables with units, numbers rounded to six decimals. */
public final class UsageMarkdown {
    private static final int DECIMALS = 6;

    /** Columns that a table shows, in this order; the other measures are in JSON. */
    private static final List<String> COLUMNS = List.of(
            "total",
            "value",
            "cost",
            "amount",
            "discount",
            "num_model_requests",
            "num_requests",
            "num_sessions",
            "jobs",
            "input_tokens",
            "input_cached_tokens",
            "output_tokens",
            "images",
            "characters",
            "seconds",
            "usage_bytes",
            "quantity",
            "count",
            "count_api_key",
            "api_key",
            "api_key_cost",
            "api_key_discount",
            "creative_units_cost");

    private final StringBuilder text = new StringBuilder(2048);

    private UsageMarkdown() {}

    /** The answer as a Markdown document. */
    public static String text(UsageAnswer answer) {
        return new UsageMarkdown().write(answer);
    }

    private String write(UsageAnswer answer) {
        UsageQuestion question = answer.question();
        text.append("# Usage from ").append(question.start()).append(" to ").append(question.end());
        text.append(" (UTC, both days included)\n");
        question.project()
                .ifPresent(id -> text.append("\nProject ").append(escape(id)).append(" only.\n"));
        heading("Totals");
        List<UsageTotals.Total> totals = UsageTotals.of(answer);
        if (totals.isEmpty()) {
            text.append("No usage between these days.\n");
        } else {
            row(List.of("What", "How much", "Unit"));
            text.append("|---|---:|---|\n");
            totals.forEach(total -> row(List.of(total.label(), number(total.value()), escape(total.unit()))));
        }
        tables("Consumption by user", "User", answer.consumption(), answer);
        tables("Models by cost", "Model", answer.models(), answer);
        tables("Assets by kind", "Kind", answer.assets(), answer);
        tables("Costs by line item", "Line item", answer.costs(), answer);
        answer.sections().forEach((section, lines) -> tables(title(section), "Name", lines, answer));
        answer.activity().ifPresent(this::events);
        if (question.includes(UsageSection.ENTITIES)) {
            entities(answer.entities());
        }
        more(answer);
        freshness(answer.freshness());
        if (!answer.notes().isEmpty()) {
            heading("Notes");
            answer.notes()
                    .forEach(note -> text.append("- ").append(escape(note)).append('\n'));
        }
        text.append("\nNumbers are rounded to ").append(DECIMALS);
        text.append(" decimals here; `--format json` has all digits and all measures.\n");
        return text.toString();
    }

    /** One table a provider: theirs are different measures. */
    private void tables(String title, String nameColumn, List<UsageLine> lines, UsageAnswer answer) {
        if (lines.isEmpty()) {
            return;
        }
        heading(title);
        Map<String, List<UsageLine>> byProvider =
                lines.stream().collect(Collectors.groupingBy(UsageLine::provider, TreeMap::new, Collectors.toList()));
        boolean first = true;
        for (List<UsageLine> table : byProvider.values()) {
            if (!first) {
                text.append('\n');
            }
            first = false;
            table(nameColumn, table, answer);
        }
    }

    private void table(String nameColumn, List<UsageLine> lines, UsageAnswer answer) {
        List<String> columns = columns(lines);
        boolean daily = lines.get(0).day().isPresent();
        List<String> head =
                new ArrayList<>(daily ? List.of("Day", "Source", nameColumn) : List.of("Source", nameColumn));
        columns.forEach(column -> head.add(escape(title(column))));
        row(head);
        text.append(daily ? "|---|---|---|" : "|---|---|")
                .append("---:|".repeat(columns.size()))
                .append('\n');
        for (UsageLine line : lines) {
            List<String> cells = new ArrayList<>();
            line.day().ifPresent(day -> cells.add(day.toString()));
            cells.add(escape(line.source()));
            Optional<String> meant = line.name().flatMap(id -> answer.nameOf("models", line.source(), id));
            String name = line.name().map(UsageMarkdown::escape).orElse("(none)");
            cells.add(meant.map(words -> escape(words) + " (" + name + ")").orElse(name));
            columns.forEach(column -> cells.add(line.sums().containsKey(column) ? number(line.sum(column)) : ""));
            row(cells);
        }
    }

    /** What the lines have that is not zero everywhere, by measure and unit. */
    private static List<String> columns(List<UsageLine> lines) {
        List<String> found = lines.stream()
                .flatMap(line -> line.sums().entrySet().stream())
                .filter(sum -> sum.getValue().signum() != 0)
                .map(Map.Entry::getKey)
                .distinct()
                .sorted()
                .toList();
        return COLUMNS.stream()
                .flatMap(column -> found.stream().filter(name -> name.startsWith(column + "/")))
                .toList();
    }

    /** {@code input_tokens/tokens} is "Input tokens"; {@code cost/cu} is "Cost (cu)". */
    private static String title(String column) {
        int slash = column.indexOf('/');
        String measure = column.substring(0, slash);
        String unit = column.substring(slash + 1);
        String words = measure.replace("num_", "").replace('_', ' ');
        String title = words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
        return words.endsWith(unit) || unit.equals("unknown") ? title : title + " (" + unit + ")";
    }

    private static String title(UsageSection section) {
        return switch (section) {
            case USAGES -> "Usage by type";
            case USAGES_DAILY -> "Usage by type and day";
            case MODEL_USAGES_DAILY -> "Models by day";
            case NSFW_USAGES -> "Content moderation";
            case ACTIVITY -> "Activity";
            case ENTITIES -> "What the ids mean";
        };
    }

    private void events(List<EventRevision> events) {
        heading(title(UsageSection.ACTIVITY));
        row(List.of("Time", "Source", "Action", "Project", "User", "Model", "Cost (cu)"));
        text.append("|---|---|---|---|---|---|---:|\n");
        for (EventRevision revision : events) {
            Event event = revision.event();
            row(List.of(
                    event.time().toString(),
                    escape(revision.split().source()),
                    escape(event.action()),
                    escape(event.projectId()),
                    escape(event.userId()),
                    event.modelId().map(UsageMarkdown::escape).orElse(""),
                    event.cost().map(cost -> number(cost.value())).orElse("")));
        }
    }

    private void entities(List<EntityChange> entities) {
        heading(title(UsageSection.ENTITIES));
        if (entities.isEmpty()) {
            text.append("None: no source reads the stream `entities`.\n");
            return;
        }
        row(List.of("Kind", "Id", "Name"));
        text.append("|---|---|---|\n");
        entities.forEach(change -> row(List.of(
                escape(change.entity().kind()),
                escape(change.entity().id()),
                change.entity().name().map(UsageMarkdown::escape).orElse(""))));
    }

    private void more(UsageAnswer answer) {
        List<UsageSection> left = List.of(UsageSection.values()).stream()
                .filter(section -> !answer.question().includes(section))
                .toList();
        if (left.isEmpty()) {
            return;
        }
        heading("More");
        row(List.of("Section", "Lines", "Holds"));
        text.append("|---|---:|---|\n");
        left.forEach(section -> row(List.of(
                "`" + section.word() + "`",
                number(BigDecimal.valueOf(answer.counts().getOrDefault(section, 0L))),
                section.contents())));
        text.append("\nAsk with `--include ").append(left.get(0).word()).append(",…`.\n");
    }

    private void freshness(List<Progress> progress) {
        if (progress.isEmpty()) {
            return;
        }
        heading("Freshness");
        row(List.of("Stream", "State", "Read until", "Final until"));
        text.append("|---|---|---|---|\n");
        progress.forEach(split -> row(List.of(
                escape(split.split().name()),
                split.state().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                        + split.reason()
                                .map(Reason::word)
                                .map(word -> " (" + word + ")")
                                .orElse(""),
                split.frontier().toString(),
                split.watermark().toString())));
    }

    private void heading(String title) {
        text.append("\n## ").append(title).append("\n\n");
    }

    private void row(List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String number(BigDecimal number) {
        DecimalFormat format = new DecimalFormat("#,##0.######", DecimalFormatSymbols.getInstance(Locale.ROOT));
        format.setRoundingMode(RoundingMode.HALF_EVEN);
        return format.format(number);
    }

    /** Upstream's words as they are: nothing in them can end a cell or be taken for markup. */
    private static String escape(String words) {
        StringBuilder escaped = new StringBuilder(words.length() + 8);
        words.codePoints().forEach(c -> {
            if (Character.isISOControl(c)) {
                escaped.append(' ');
            } else {
                if ("\\|*[]<>`&~#".indexOf(c) >= 0) {
                    escaped.append('\\');
                }
                escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }
}
