package io.usagestream.source.scenario;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One section of an answer that holds series, as data.
 *
 * <p>Values are already after discount; nothing is computed from them here. {@code jobs}, {@code count} and the like are numbers
 * in the description, so that fractions and negatives (refunds) are legal.
 */
enum Section {
    USAGES(
            "usages",
            "usages",
            "usageName",
            "usage_name",
            List.of(
                    Number.text("value", "value", "usage"),
                    Number.text("apiKey", "api_key", "usage"),
                    Number.maybe("cost", "cost", Section.CU),
                    Number.maybe("discount", "discount", Section.CU),
                    Number.maybe("apiKeyCost", "api_key_cost", Section.CU),
                    Number.maybe("apiKeyDiscount", "api_key_discount", Section.CU))),
    MODEL_USAGES(
            "model-usages",
            "modelUsages",
            "modelId",
            "model_id",
            List.of(
                    Number.of("cost", "cost", Section.CU),
                    Number.of("discount", "discount", Section.CU),
                    Number.of("apiKeyCost", "api_key_cost", Section.CU),
                    Number.of("apiKeyDiscount", "api_key_discount", Section.CU),
                    Number.of("jobs", "jobs", "jobs"))),
    ASSET_USAGES(
            "asset-usages",
            "assetUsages",
            "kind",
            "kind",
            List.of(Number.of("count", "count", "assets"), Number.of("countApiKey", "count_api_key", "assets"))),
    NSFW_USAGES(
            "nsfw-usages",
            "nsfwUsages",
            "label",
            "label",
            List.of(Number.of("count", "count", "assets"), Number.of("countApiKey", "count_api_key", "assets"))),
    CONSUMPTION(
            "consumption",
            "consumption",
            "userId",
            "user_id",
            List.of(
                    Number.of("value", "value", Section.CU),
                    Number.of("discount", "discount", Section.CU),
                    Number.of("total", "total", Section.CU)));

    static final String CU = "cu";

    /**
     * One number of a point.
     *
     * @param field as upstream calls it
     * @param measure as we do
     * @param asText whether it is declared as text
     * @param required whether a point without it is none
     */
    record Number(String field, String measure, String unit, boolean asText, boolean required) {
        static Number of(String field, String measure, String unit) {
            return new Number(field, measure, unit, false, true);
        }

        static Number maybe(String field, String measure, String unit) {
            return new Number(field, measure, unit, false, false);
        }

        static Number text(String field, String measure, String unit) {
            return new Number(field, measure, unit, true, true);
        }
    }

    private final String stream;
    private final String member;
    private final String nameField;
    private final String dimension;
    private final List<Number> numbers;

    Section(String stream, String member, String nameField, String dimension, List<Number> numbers) {
        this.stream = stream;
        this.member = member;
        this.nameField = nameField;
        this.dimension = dimension;
        this.numbers = numbers;
    }

    static Optional<Section> ofStream(String stream) {
        return Arrays.stream(values()).filter(s -> s.stream.equals(stream)).findFirst();
    }

    /** The stream, which is also what {@code type} calls it. */
    String stream() {
        return stream;
    }

    /** The member of the answer. */
    String member() {
        return member;
    }

    /** The field that names a series. */
    String nameField() {
        return nameField;
    }

    /** The dimension that this name becomes. */
    String dimension() {
        return dimension;
    }

    /** The numbers of a point. */
    List<Number> numbers() {
        return numbers;
    }

    /** The number that upstream calls so. */
    Optional<Number> number(String field) {
        for (Number number : numbers) {
            if (number.field().equals(field)) {
                return Optional.of(number);
            }
        }
        return Optional.empty();
    }
}
