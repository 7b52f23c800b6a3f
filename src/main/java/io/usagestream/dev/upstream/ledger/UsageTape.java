package io.usagestream.dev.upstream.ledger;

import io.usagestream.dev.upstream.ledger.Fate.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** All the usage of one account on one meter, of any time: computed, never stored. */
final class UsageTape {
    private static final int MOVED_TO = 1;

    private final Meter meter;
    private final Organization organization;
    private final LedgerSettings settings;
    private final Tempo tempo;

    UsageTape(Meter meter, int account, Organization organization, LedgerSettings settings) {
        this.meter = meter;
        this.organization = organization;
        this.settings = settings;
        long base = Dice.seed(settings.seed(), account, meter.path().hashCode());
        this.tempo = new Tempo(base, meter.perHour(), settings);
    }

    /** The usage of {@code [from, to)} that upstream shows at {@code asOf}; all three are epoch seconds. */
    void play(long from, long to, long asOf, Consumer<Usage> sink) {
        long end = Math.min(to, asOf + 1);
        for (long minute = Math.floorDiv(from, 60L); minute * 60 < end; minute++) {
            long seed = tempo.seed(minute);
            int count = tempo.count(minute, seed);
            for (int i = 0; i < count; i++) {
                Dice dice = new Dice(seed + i);
                long id = dice.next();
                long second = minute * 60 + dice.below(60);
                if (second >= from && second < end) {
                    Fate fate = Fate.of(dice, settings.temper(), second);
                    if (fate.shows(asOf)) {
                        sink.accept(usage(dice, id, second, fate, asOf));
                    }
                }
            }
        }
    }

    private Usage usage(Dice dice, long id, long second, Fate fate, long asOf) {
        int percent = dice.between(50, 300);
        long[] measures = measures(dice, fate.hasTurned(Turn.RESTATED, asOf) ? percent : 100);
        int who = organization.rollCaller(dice);
        Caller caller = organization.caller(fate.hasTurned(Turn.MOVED, asOf) ? who + MOVED_TO : who);
        List<Optional<String>> dimensions =
                new ArrayList<>(meter.allDimensions().size());
        for (String dimension : meter.allDimensions()) {
            dimensions.add(
                    switch (dimension) {
                        case "project_id" -> caller.project();
                        case "user_id" -> caller.user();
                        case "api_key_id" -> caller.apiKey();
                        case "vector_store_id" -> organization.rollVectorStore(dice);
                        default -> Catalogue.roll(meter, dimension, dice, settings.novelties());
                    });
        }
        return new Usage(id, meter, second, dimensions, measures);
    }

    private long[] measures(Dice dice, int percent) {
        return switch (meter) {
            case COMPLETIONS -> Tokens.roll(dice, false, percent);
            case DECISIONS -> Tokens.roll(dice, true, percent);
            case EMBEDDINGS, MODERATIONS -> counted(dice, 8, 2000, percent);
            case IMAGES -> counted(dice, 1, 2, percent);
            case AUDIO_SPEECHES -> counted(dice, 40, 1500, percent);
            case AUDIO_TRANSCRIPTIONS -> counted(dice, 3, 600, percent);
            case VECTOR_STORES -> new long[] {scaled(dice.between(1_000, 900_000_000), percent)};
            case CODE_INTERPRETER_SESSIONS, FILE_SEARCH_CALLS -> new long[] {scaled(dice.between(1, 9), percent)};
            case WEB_SEARCH_CALLS -> {
                int calls = dice.between(1, 6);
                yield new long[] {calls, scaled(calls + dice.below(4), percent)};
            }
        };
    }

    /** A quantity a call, and the calls. */
    private static long[] counted(Dice dice, int low, int high, int percent) {
        int calls = dice.between(1, 5);
        return new long[] {scaled((long) calls * dice.between(low, high), percent), calls};
    }

    /** Never nothing: a row of zeros would be another matter. */
    private static long scaled(long count, int percent) {
        return Math.max(1, count * percent / 100);
    }
}
