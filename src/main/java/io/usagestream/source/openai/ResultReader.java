package io.usagestream.source.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.usagestream.source.Drift;
import io.usagestream.source.UserNames;
import io.usagestream.source.json.Json;
import io.usagestream.source.json.Names;
import io.usagestream.source.json.Numbers;
import io.usagestream.source.json.Unreadable;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Reason;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Reads one result of a bucket: its dimensions, and every number that it carries. */
final class ResultReader {
    /** Numbers that one result may carry. */
    static final int MAX_MEASURES = 64;

    private static final String AMOUNT = "amount";
    private static final String QUANTITY = "quantity";
    private static final String CURRENCY = "currency";

    private final JsonParser parser;
    private final Endpoint endpoint;
    private final Fields fields;
    private final List<String> groupBy;
    private final UserNames users;
    private final Drift drift;
    private final Names names = new Names();
    private final Names amountNames = new Names();

    ResultReader(
            JsonParser parser, Endpoint endpoint, Fields fields, List<String> groupBy, UserNames users, Drift drift) {
        this.parser = parser;
        this.endpoint = endpoint;
        this.fields = fields;
        this.groupBy = groupBy;
        this.users = users;
        this.drift = drift;
    }

    /** Reads the object that the parser stands at. */
    Result read(int from) throws IOException, Unreadable {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new Unreadable(Reason.UNKNOWN_OBJECT, "a result is not an object");
        }
        names.clear();
        TreeMap<String, Optional<String>> dimensions = new TreeMap<>();
        for (String dimension : groupBy) {
            dimensions.put(dimension, Optional.empty());
        }
        TreeMap<String, Measure> measures = new TreeMap<>();
        Optional<String> object = Optional.empty();
        Optional<BigDecimal> quantity = Optional.empty();
        Optional<String> quantityUnit = Optional.empty();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            names.add(name);
            Field field = fields.of(name);
            JsonToken token = parser.nextToken();
            switch (field.role()) {
                case OBJECT -> object = Json.text(parser, name);
                case DIMENSION -> dimensions.put(name, dimension(name, token));
                case COUNT, AMOUNT_OF -> {
                    if (token != JsonToken.VALUE_NULL) {
                        measure(measures, name, field);
                    }
                }
                case OPEN -> open(measures, name, field, token);
                case MONEY -> money(dimensions, measures);
                case QUANTITY ->
                    quantity = token == JsonToken.VALUE_NULL
                            ? Optional.empty()
                            : Optional.of(Numbers.number(parser, name));
                case QUANTITY_UNIT -> quantityUnit = Json.text(parser, name);
                case IGNORED -> {
                    if (!field.known()) {
                        drift.saw(endpoint.type().name(), name);
                    }
                    parser.skipChildren();
                }
            }
            if (!field.known() && field.role() != Field.Role.IGNORED) {
                drift.saw(endpoint.type().name(), name);
            }
        }
        check(object, measures);
        if (quantity.isPresent()) {
            String unit = quantityUnit.filter(u -> !u.isEmpty()).orElse(Field.UNKNOWN_UNIT);
            measures.put(QUANTITY, Measure.of(quantity.get(), unit));
        }
        return new Result(dimensions, measures, from);
    }

    private void check(Optional<String> object, TreeMap<String, Measure> measures) throws Unreadable {
        if (object.isEmpty()) {
            throw new Unreadable(Reason.MISSING_FIELD, "/object", "a result does not say what it is");
        }
        boolean expected = endpoint.object().isPresent()
                ? object.equals(endpoint.object())
                : object.get().startsWith("organization.");
        if (!expected) {
            drift.saw(endpoint.type().name(), object.get());
            throw new Unreadable(Reason.UNKNOWN_OBJECT, "/object", "a result of another kind than this stream's");
        }
        for (String required : endpoint.required()) {
            if (!measures.containsKey(required)) {
                throw new Unreadable(Reason.MISSING_FIELD, "/" + required, required + " is missing or null");
            }
        }
        if (endpoint.money() && !measures.containsKey(AMOUNT)) {
            throw new Unreadable(Reason.MISSING_FIELD, "/amount", "amount is missing or null");
        }
        if (measures.isEmpty()) {
            throw new Unreadable(Reason.MISSING_FIELD, "a result carries no number");
        }
    }

    private Optional<String> dimension(String name, JsonToken token) throws IOException, Unreadable {
        return switch (token) {
            case VALUE_TRUE -> Optional.of("true");
            case VALUE_FALSE -> Optional.of("false");
            default -> {
                Optional<String> value = Json.text(parser, name);
                yield name.equals("user_id") ? value.flatMap(users::say) : value;
            }
        };
    }

    private void measure(TreeMap<String, Measure> measures, String name, Field field) throws IOException, Unreadable {
        BigDecimal number = field.checked(Numbers.number(parser, name), name);
        if (measures.size() >= MAX_MEASURES) {
            throw new Unreadable(Reason.OVERFLOW, "a result carries more than " + MAX_MEASURES + " numbers");
        }
        measures.put(name, Measure.of(number, field.unit()));
    }

    /** A field that nobody knows: a number is a measure, anything else is not ours. */
    private void open(TreeMap<String, Measure> measures, String name, Field field, JsonToken token)
            throws IOException, Unreadable {
        if (token.isNumeric()) {
            measure(measures, name, field);
        } else {
            parser.skipChildren();
        }
    }

    /** {@code {value, currency}}; the value is a number in the description and text in reality, as {@code "0E-6176"}. */
    private void money(TreeMap<String, Optional<String>> dimensions, TreeMap<String, Measure> measures)
            throws IOException, Unreadable {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new Unreadable(Reason.BAD_NUMBER, "/amount", "amount is not an object");
        }
        amountNames.clear();
        Optional<BigDecimal> value = Optional.empty();
        Optional<String> currency = Optional.empty();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            amountNames.add(name);
            JsonToken token = parser.nextToken();
            if (name.equals("value") && token != JsonToken.VALUE_NULL) {
                value = Optional.of(Numbers.numberOrText(parser, "amount/value"));
            } else if (name.equals(CURRENCY) && token == JsonToken.VALUE_STRING) {
                currency = Optional.of(parser.getText());
            } else {
                parser.skipChildren();
            }
        }
        if (currency.filter(ResultReader::isCurrency).isEmpty()) {
            throw new Unreadable(Reason.BAD_CURRENCY, "/amount/currency", "the currency is not three letters");
        }
        if (value.isEmpty()) {
            throw new Unreadable(Reason.MISSING_FIELD, "/amount/value", "amount has no value");
        }
        dimensions.put(CURRENCY, currency);
        measures.put(AMOUNT, Measure.of(value.get(), currency.get()));
    }

    private static boolean isCurrency(String text) {
        return text.length() == 3 && text.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z');
    }
}
