package io.usagestream.dev.upstream.ledger;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** All that happened in one account's Scenario organization, at any time: computed, never stored. */
final class EventTape {
    private static final int PER_HOUR = 40;
    private static final int MINUTE = 60_000;
    private static final int MINUTES_OF_DAY = 1440;

    private final Studio studio;
    private final LedgerSettings settings;
    private final Tempo tempo;

    EventTape(int account, Studio studio, LedgerSettings settings) {
        this.studio = studio;
        this.settings = settings;
        this.tempo = new Tempo(Dice.seed(settings.seed(), account, "events".hashCode()), PER_HOUR, settings);
    }

    /** The events of {@code [from, to]} that upstream shows at {@code asOf}, by minute; all three are epoch milliseconds. */
    void play(long from, long to, long asOf, Consumer<StudioEvent> sink) {
        Consumer<StudioEvent> inside = event -> {
            long time = event.time().toEpochMilli();
            if (time >= from && time <= to) {
                sink.accept(event);
            }
        };
        long end = Math.min(to, asOf);
        for (long minute = Math.floorDiv(from, (long) MINUTE); minute * MINUTE <= end; minute++) {
            long seed = tempo.seed(minute);
            int count = tempo.count(minute, seed);
            for (int i = 0; i < count; i++) {
                Dice dice = new Dice(seed + i);
                long id = dice.next();
                play(dice, id, minute * MINUTE + dice.below(MINUTE), asOf, inside);
            }
            atTheEdge(minute, seed, asOf, inside);
        }
    }

    /** The first and the last millisecond of a day always have something: where windows meet, events are lost or doubled. */
    private void atTheEdge(long minute, long seed, long asOf, Consumer<StudioEvent> sink) {
        long ofDay = Math.floorMod(minute, (long) MINUTES_OF_DAY);
        if (ofDay == 0) {
            Dice dice = new Dice(~seed);
            play(dice, dice.next(), minute * MINUTE, asOf, sink);
        } else if (ofDay == MINUTES_OF_DAY - 1) {
            Dice dice = new Dice(~seed);
            play(dice, dice.next(), minute * MINUTE + MINUTE - 1, asOf, sink);
        }
    }

    private void play(Dice dice, long id, long time, long asOf, Consumer<StudioEvent> sink) {
        EventFate fate = EventFate.of(dice, settings.temper(), time);
        StudioEvent event = event(dice, id, time, fate, asOf);
        if (fate.shows(asOf)) {
            sink.accept(event);
        }
        if (dice.perMille(30)) {
            long other = dice.next();
            // a twin shows in its own time
            if (EventFate.of(dice, settings.temper(), time).shows(asOf)) {
                sink.accept(event.twin(other));
            }
        }
    }

    private StudioEvent event(Dice dice, long id, long time, EventFate fate, long asOf) {
        Studio.Deed deed = Studio.DEEDS.get(dice.skewed(Studio.DEEDS.size()));
        boolean refund = deed.action().equals("refunds");
        BigDecimal price = BigDecimal.valueOf(dice.between(1, 400), 1);
        BigDecimal discount =
                dice.perMille(250) ? price.multiply(BigDecimal.valueOf(dice.between(1, 5), 1)) : BigDecimal.ZERO;
        BigDecimal due = price.subtract(discount);
        BigDecimal cost = fate.costsMore(asOf) ? due.add(BigDecimal.valueOf(5, 1)) : due;
        boolean known = deed.paid() && fate.knowsCost(asOf);
        boolean unheardOf = settings.novelties() && dice.perMille(20);
        String action = unheardOf ? "teleport-asset" : deed.action();
        boolean makesAsset = deed.assetKind().isPresent() || deed.action().endsWith("-asset");
        return new StudioEvent(
                id,
                action,
                Instant.ofEpochMilli(time),
                studio.projects().get(dice.skewed(studio.projects().size())),
                studio.users().get(dice.skewed(studio.users().size())),
                makesAsset ? Optional.of("asset_" + dice.text(22)) : Optional.empty(),
                deed.action().startsWith("collection") ? Optional.of("collection_" + dice.text(22)) : Optional.empty(),
                deed.usesModel() ? Optional.of("job_" + dice.text(22)) : Optional.empty(),
                deed.usesModel()
                        ? Optional.of(
                                studio.models().get(dice.skewed(studio.models().size())))
                        : Optional.empty(),
                dice.perMille(850) ? Optional.of(dice.perMille(300)) : Optional.empty(),
                dice.perMille(30) ? Optional.of(new StudioEvent.Byok("openai", "OpenAI")) : Optional.empty(),
                known ? Optional.of(refund ? cost.negate() : cost) : Optional.empty(),
                known && !refund ? discount : BigDecimal.ZERO,
                Studio.USAGE_NAMES.contains(action) ? Optional.of(action) : Optional.empty(),
                deed.assetKind(),
                deed.assetKind().isPresent() && dice.perMille(20)
                        ? Optional.of(Studio.NSFW_LABELS.get(dice.below(Studio.NSFW_LABELS.size())))
                        : Optional.empty());
    }
}
