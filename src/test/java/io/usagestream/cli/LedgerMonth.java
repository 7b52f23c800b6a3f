package io.usagestream.cli;

import io.usagestream.dev.upstream.ledger.Meter;
import io.usagestream.dev.upstream.ledger.Quantity;
import io.usagestream.dev.upstream.ledger.StudioEvent;
import io.usagestream.dev.upstream.ledger.TrueRow;
import io.usagestream.dev.upstream.ledger.Truth;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The sums of some days out of the ledger: added up from its rows, past the topics. Each number counts as a decimal of 18 places, as
 * records carry it; the ledger's own prices go on to the 24th.
 */
final class LedgerMonth {
    private static final List<String> SERIES =
            List.of("usages", "model-usages", "asset-usages", "nsfw-usages", "consumption");

    /** Sums that are not zero by {@code measure/unit}, by what they are of: {@code source [day] name}. */
    static final class Lines extends TreeMap<String, TreeMap<String, BigDecimal>> {
        private static final long serialVersionUID = 1L;

        void add(String key, String sum, BigDecimal amount) {
            if (amount.signum() != 0) {
                computeIfAbsent(key, k -> new TreeMap<>())
                        .merge(
                                sum,
                                amount.stripTrailingZeros(),
                                (a, b) -> a.add(b).stripTrailingZeros());
            }
        }
    }

    private record Of(String source, String stream, TrueRow row) {
        Optional<String> dimension(String name) {
            return Optional.ofNullable(row.dimensions().get(name)).flatMap(value -> value);
        }

        String day() {
            return Window.dayOf(row.start()).toString();
        }
    }

    private final List<Of> rows = new ArrayList<>();
    private final List<StudioEvent> events;

    /** @param truth of a frozen ledger whose days are all over, or hold nothing later */
    LedgerMonth(Truth truth, LocalDate first, LocalDate last) {
        Window days = new Window(Window.startOf(first), Window.startOf(last.plusDays(1)));
        add(
                "acme-1",
                "completions",
                truth.usage(1, Meter.COMPLETIONS, Grain.HOUR, List.of("project_id", "user_id", "model"), days));
        add("acme-1", "embeddings", truth.usage(1, Meter.EMBEDDINGS, Grain.DAY, List.of("model"), days));
        add("acme-1", "costs", truth.costs(1, List.of("line_item"), days));
        for (String stream : SERIES) {
            Grain grain = stream.equals("consumption") ? Grain.DAY : Grain.HOUR;
            add("studio-1", stream, truth.series(1, stream, grain, Set.of(), days));
        }
        events = truth.events(1, Set.of(), days);
    }

    private void add(String source, String stream, List<TrueRow> more) {
        more.forEach(row -> rows.add(new Of(source, stream, row)));
    }

    private Lines sums(Set<String> streams, Function<Of, String> name) {
        Lines lines = new Lines();
        rows.stream()
                .filter(of -> streams.contains(of.stream()))
                .forEach(of -> of.row()
                        .measures()
                        .forEach((measure, quantity) -> lines.add(
                                of.source() + " " + name.apply(of),
                                measure + "/" + quantity.unit(),
                                carried(quantity))));
        return lines;
    }

    private static BigDecimal carried(Quantity quantity) {
        return Measure.of(quantity.amount(), quantity.unit()).value();
    }

    private static String named(Of of, String... dimensions) {
        for (String dimension : dimensions) {
            if (of.row().dimensions().containsKey(dimension)) {
                return of.dimension(dimension).orElse("null");
            }
        }
        throw new IllegalArgumentException("no such dimension: " + of);
    }

    /** By stream, with the number of rows. */
    Lines streams() {
        Lines lines = new Lines();
        rows.forEach(of -> {
            String key = of.source() + " " + of.stream();
            lines.add(key, "rows", BigDecimal.ONE);
            of.row()
                    .measures()
                    .forEach((measure, quantity) -> lines.add(key, measure + "/" + quantity.unit(), carried(quantity)));
        });
        events.forEach(event -> {
            lines.add("studio-1 activity", "rows", BigDecimal.ONE);
            event.cost().ifPresent(cost -> lines.add("studio-1 activity", "creative_units_cost/cu", cost));
        });
        return lines;
    }

    /** OpenAI's with the amounts of their line items. */
    Lines models() {
        Lines lines = sums(Set.of("completions", "embeddings", "model-usages"), of -> named(of, "model", "model_id"));
        Set<String> known = Set.copyOf(lines.keySet());
        costs().forEach((item, sums) -> {
            String model = item.replaceAll(",.*", "");
            if (known.contains(model)) {
                sums.entrySet().stream()
                        .filter(sum -> sum.getKey().startsWith("amount/"))
                        .forEach(sum -> lines.add(model, sum.getKey(), sum.getValue()));
            }
        });
        return lines;
    }

    Lines modelDays() {
        return sums(
                Set.of("completions", "embeddings", "model-usages"),
                of -> of.day() + " " + named(of, "model", "model_id"));
    }

    Lines usageDays() {
        return sums(
                Set.of("completions", "embeddings", "usages"),
                of -> of.day() + " " + of.dimension("usage_name").orElse(of.stream()));
    }

    Lines consumption() {
        return sums(Set.of("completions", "consumption"), of -> named(of, "user_id"));
    }

    Lines assets() {
        return sums(Set.of("asset-usages"), of -> named(of, "kind"));
    }

    Lines moderation() {
        return sums(Set.of("nsfw-usages"), of -> named(of, "label"));
    }

    Lines costs() {
        return sums(Set.of("costs"), of -> named(of, "line_item"));
    }
}
