package io.usagestream.dev.upstream.ledger;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What usage costs, and when upstream says so. */
final class PriceList {
    private record Price(BigDecimal input, BigDecimal cachedInput, BigDecimal output) {
        static Price of(String input, String cachedInput, String output) {
            return new Price(new BigDecimal(input), new BigDecimal(cachedInput), new BigDecimal(output));
        }
    }

    private static final Map<String, Price> TOKENS = Map.of(
            "gpt-5.4-2026-03-05", Price.of("0.0000025", "0.00000025", "0.000015"),
            "gpt-5.4-mini-2026-03-17", Price.of("0.00000025", "0.000000025", "0.000002"),
            "gpt-4.1-2025-04-14", Price.of("0.000002", "0.0000005", "0.000008"),
            "o4-mini-2025-04-16", Price.of("0.0000011", "0", "0.0000044"),
            "gpt-realtime-2026-02-11", Price.of("0.000004", "0.0000004", "0.000016"),
            // a negotiated price with more decimals than a decimal(38,18) holds
            "ft:gpt-4.1-mini-2025-04-14:acme::B7q2Xk1P",
                    Price.of("0.000000812345678901237", "0.0000002", "0.000003212345678901233"));
    private static final Price OTHER = Price.of("0.000001", "0.0000001", "0.000004");
    private static final BigDecimal GIBIBYTE = BigDecimal.valueOf(1L << 30);
    private static final BigDecimal HALF = new BigDecimal("0.5");
    private static final BigDecimal CORRECTION = new BigDecimal("0.9");
    private static final Optional<String> TOKEN_UNIT = Optional.of("tokens");

    private static final int MINUTE = 60;
    private static final int HOUR = 3600;

    private final Temper temper;

    PriceList(Temper temper) {
        this.temper = temper;
    }

    /** The charges for a piece of usage that upstream shows at {@code asOf} (epoch second): none while they are not posted. */
    void charge(Usage usage, long asOf, Consumer<Charge> sink) {
        Dice dice = new Dice(usage.id() ^ 0x5DEECE66DL);
        if (asOf < posted(dice, usage.second())) {
            return;
        }
        BigDecimal factor = corrected(dice, usage.second(), asOf) ? CORRECTION : BigDecimal.ONE;
        switch (usage.meter()) {
            case COMPLETIONS, DECISIONS -> tokens(usage, factor, sink);
            case EMBEDDINGS -> one(usage, model(usage) + ", input", "0.00000002", TOKEN_UNIT, factor, sink);
            case MODERATIONS -> one(usage, model(usage) + ", input", "0", TOKEN_UNIT, factor, sink);
            case IMAGES -> one(usage, model(usage) + ", image output", "0.042", Optional.of("images"), factor, sink);
            case AUDIO_SPEECHES ->
                one(usage, model(usage) + ", audio output", "0.000015", Optional.of("characters"), factor, sink);
            case AUDIO_TRANSCRIPTIONS ->
                one(usage, model(usage) + ", audio input", "0.0001", Optional.of("duration_seconds"), factor, sink);
            case VECTOR_STORES -> {
                BigDecimal gibibytes = BigDecimal.valueOf(usage.measure(0)).divide(GIBIBYTE, 9, RoundingMode.HALF_EVEN);
                sink.accept(new Charge(
                        "file search storage",
                        gibibytes.multiply(new BigDecimal("0.0041666667")).multiply(factor),
                        gibibytes,
                        Optional.of("gibibyte_hours")));
            }
            case CODE_INTERPRETER_SESSIONS ->
                one(usage, "code interpreter sessions", "0.03", Optional.empty(), factor, sink);
            case FILE_SEARCH_CALLS -> one(usage, "file search tool calls", "0.0025", Optional.empty(), factor, sink);
            case WEB_SEARCH_CALLS -> one(usage, "web search tool calls", "0.01", Optional.empty(), factor, sink);
        }
    }

    /** Costs follow usage, most of them soon. */
    private long posted(Dice dice, long second) {
        if (temper == Temper.CALM) {
            return second;
        }
        return second + (dice.perMille(900) ? dice.between(5, 90) : dice.between(90, 3 * HOUR));
    }

    private boolean corrected(Dice dice, long second, long asOf) {
        return temper != Temper.CALM
                && dice.perMille(10)
                && asOf
                        >= second
                                + (dice.perMille(500) ? dice.between(2 * MINUTE, HOUR) : dice.between(HOUR, 96 * HOUR));
    }

    private static void tokens(Usage usage, BigDecimal factor, Consumer<Charge> sink) {
        String model = model(usage);
        Price price = TOKENS.getOrDefault(model, OTHER);
        BigDecimal part = usage.dimension("batch").equals(Optional.of("true")) ? factor.multiply(HALF) : factor;
        // scale tier is paid for in advance
        BigDecimal due = usage.dimension("service_tier").equals(Optional.of("scale")) ? BigDecimal.ZERO : part;
        long input = usage.measure(Tokens.INPUT_UNCACHED) + usage.measure(Tokens.INPUT_CACHE_WRITE);
        sink.accept(tokens(model + ", input", input, price.input(), due));
        long cached = usage.measure(Tokens.INPUT_CACHED);
        if (cached > 0) {
            sink.accept(tokens(model + ", cached input", cached, price.cachedInput(), due));
        }
        sink.accept(tokens(model + ", output", usage.measure(Tokens.OUTPUT), price.output(), due));
    }

    private static Charge tokens(String item, long count, BigDecimal price, BigDecimal factor) {
        BigDecimal quantity = BigDecimal.valueOf(count);
        return new Charge(item, quantity.multiply(price).multiply(factor), quantity, TOKEN_UNIT);
    }

    private static void one(
            Usage usage, String item, String price, Optional<String> unit, BigDecimal factor, Consumer<Charge> sink) {
        BigDecimal quantity = BigDecimal.valueOf(usage.measure(0));
        sink.accept(new Charge(item, quantity.multiply(new BigDecimal(price)).multiply(factor), quantity, unit));
    }

    private static String model(Usage usage) {
        return usage.dimension("model").orElse("unknown");
    }
}
