package io.usagestream.dev.upstream.ledger;

import io.usagestream.stream.Grain;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Scenario's aggregates over a window whose both ends belong to it: events summed up by section, name and interval, filled up with
 * zeros.
 */
public final class StudioSeries {
    private static final String COST = "creative-unit-cost";
    private static final String DISCOUNT = "creative-unit-discount";

    private final Grain grain;
    private final List<Instant> times;
    private final Map<String, List<StudioCell>> usages;
    private final Map<String, List<StudioCell>> models;
    private final Map<String, List<StudioCell>> assets;
    private final Map<String, List<StudioCell>> nsfw;
    private final Map<String, StudioCell> consumption = new LinkedHashMap<>();

    private StudioSeries(Grain grain, Instant from, Instant to, Studio studio) {
        this.grain = grain;
        this.times = times(grain, from, to);
        this.usages = zeros(Studio.USAGE_NAMES);
        this.models = zeros(studio.models());
        this.assets = zeros(Studio.ASSET_KINDS);
        this.nsfw = zeros(Studio.NSFW_LABELS);
    }

    /** What the ledger shows now. */
    public static StudioSeries of(Ledger ledger, StudioQuery query, Grain grain) {
        StudioSeries series = new StudioSeries(grain, query.from(), query.to(), ledger.studio(query.account()));
        ledger.play(query, series::add);
        return series;
    }

    /** The starts of the intervals, in order: the first may lie before the window. */
    public List<Instant> times() {
        return times;
    }

    public Grain grain() {
        return grain;
    }

    /** Cells in the order of {@link #times()}, by usage name. */
    public Map<String, List<StudioCell>> usages() {
        return usages;
    }

    public Map<String, List<StudioCell>> models() {
        return models;
    }

    public Map<String, List<StudioCell>> assets() {
        return assets;
    }

    public Map<String, List<StudioCell>> nsfw() {
        return nsfw;
    }

    /** One cell a user for the whole window. */
    public Map<String, StudioCell> consumption() {
        return consumption;
    }

    private void add(StudioEvent event) {
        long offset = grain.floor(event.time()).getEpochSecond() - times.get(0).getEpochSecond();
        int index = (int) (offset / grain.width().toSeconds());
        event.usageName().ifPresent(name -> add(usages, name, index, event, BigDecimal.ONE));
        if (event.cost().isPresent()) {
            add(usages, COST, index, event, event.cost().get());
        }
        if (event.discount().signum() != 0) {
            add(usages, DISCOUNT, index, event, event.discount());
        }
        if (event.isModelWork()) {
            event.modelId().ifPresent(model -> add(models, model, index, event, BigDecimal.ONE));
        }
        event.assetKind().ifPresent(kind -> add(assets, kind, index, event, BigDecimal.ONE));
        event.nsfwLabel().ifPresent(label -> add(nsfw, label, index, event, BigDecimal.ONE));
        consumption.computeIfAbsent(event.userId(), user -> new StudioCell()).add(event, BigDecimal.ONE);
    }

    private void add(
            Map<String, List<StudioCell>> section, String name, int index, StudioEvent event, BigDecimal amount) {
        section.computeIfAbsent(name, n -> cells()).get(index).add(event, amount);
    }

    private Map<String, List<StudioCell>> zeros(Collection<String> names) {
        Map<String, List<StudioCell>> section = new LinkedHashMap<>();
        names.forEach(name -> section.put(name, cells()));
        return section;
    }

    private List<StudioCell> cells() {
        return times.stream().map(time -> new StudioCell()).toList();
    }

    private static List<Instant> times(Grain grain, Instant from, Instant to) {
        List<Instant> times = new ArrayList<>();
        for (Instant time = grain.floor(from); !time.isAfter(to); time = time.plus(grain.width())) {
            times.add(time);
        }
        return times;
    }
}
