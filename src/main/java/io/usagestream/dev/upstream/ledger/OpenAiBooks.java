package io.usagestream.dev.upstream.ledger;

import io.usagestream.stream.Grain;
import io.usagestream.stream.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What OpenAI shows at one moment of the usage and costs of one account: pieces of usage, summed up as asked. */
final class OpenAiBooks {
    private final LedgerSettings settings;
    private final Overlay overlay;
    private final PriceList prices;
    private final Organization organization;
    private final int account;
    /** Epoch second at which upstream is looked at. */
    private final long asOf;

    OpenAiBooks(LedgerSettings settings, int account, Organization organization, Overlay overlay, long asOf) {
        this.settings = settings;
        this.account = account;
        this.organization = organization;
        this.overlay = overlay;
        this.prices = new PriceList(settings.temper());
        this.asOf = asOf;
    }

    /** Every piece of usage of {@code [from, to)} (epoch seconds). */
    void play(Meter meter, long from, long to, Consumer<Usage> sink) {
        new UsageTape(meter, account, organization, settings).play(from, to, asOf, usage -> {
            if (overlay.keeps(account, usage.id())) {
                sink.accept(usage);
            }
        });
        overlay.usage(account, meter, from, to).forEach(sink);
    }

    List<UsageBucket> usage(UsageQuery query) {
        Meter meter = query.meter();
        int[] grouping = query.groupBy().stream()
                .mapToInt(meter.allDimensions()::indexOf)
                .toArray();
        List<UsageBucket> buckets = new ArrayList<>();
        for (Window interval : Intervals.of(query.grain(), query.from(), query.to())) {
            Map<List<Optional<String>>, long[]> sums = new LinkedHashMap<>();
            play(meter, interval.from().getEpochSecond(), interval.to().getEpochSecond(), usage -> {
                if (query.admits(usage)) {
                    usage.addTo(sums.computeIfAbsent(
                            key(usage, grouping), k -> new long[meter.measures().size()]));
                }
            });
            List<UsageBucket.Row> rows = new ArrayList<>(sums.size());
            sums.forEach((key, measures) -> rows.add(new UsageBucket.Row(key, measures)));
            buckets.add(new UsageBucket(interval.from(), interval.to(), rows));
        }
        return buckets;
    }

    List<CostBucket> costs(CostQuery query) {
        List<CostBucket> buckets = new ArrayList<>();
        for (Window interval : Intervals.of(Grain.DAY, query.from(), query.to())) {
            CostSums sums = new CostSums(query.groupBy());
            for (Meter meter : Meter.values()) {
                play(meter, interval.from().getEpochSecond(), interval.to().getEpochSecond(), usage -> {
                    if (query.admits(usage)) {
                        prices.charge(usage, asOf, charge -> {
                            if (query.admits(charge)) {
                                sums.add(usage, charge);
                            }
                        });
                    }
                });
            }
            buckets.add(new CostBucket(interval.from(), interval.to(), sums.rows()));
        }
        return buckets;
    }

    private static List<Optional<String>> key(Usage usage, int[] grouping) {
        List<Optional<String>> key = new ArrayList<>(grouping.length);
        for (int dimension : grouping) {
            key.add(usage.dimension(dimension));
        }
        return key;
    }
}
