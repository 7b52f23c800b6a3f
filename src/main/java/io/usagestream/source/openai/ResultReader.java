package io.usagestream.source.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.usagestream.source.Drift;
import io.usagestream.source.UserNames;
import io.usagestream.source.json.Json;
import io.usagestream.source.json.Names;
import io.usagestream.source.json.Numbers;
import io.usagestream.source.json.Rows;
import io.usagestream.source.json.Texts;
import io.usagestream.source.json.Unreadable;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Reason;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one result of a bucket: its dimensions, and every number that it carries. */
final class ResultReader {
    /** Numbers that one result may carry. */
    static final int MAX_MEASURES = 64;

    /** Characters of a unit: as many as a number's name may have. */
    static final int MAX_UNIT = 64;

    private static final String AMOUNT = "amount";
    private static final String QUANTITY = "quantity";
    private static final String CURRENCY = "currency";
    private static final Optional<String> TRUE = Optional.of("true");
    private static final Optional<String> FALSE = Optional.of("false");

    private final JsonParser parser;
    private final Rows rows;
    private final Endpoint endpoint;
    private final Fields.InRow inRow;
    private final UserNames users;
    private final Drift drift;
    private final ByName<Optional<String>> nothingSaid;
    private final ByName.Builder<Optional<String>> dimensions = new ByName.Builder<>();
    private final Measures.Builder measures = new Measures.Builder();

    private final Map<ByName<Optional<String>>, Group> groups = new HashMap<>();
    private Group before = new Group(ByName.empty());

    /** User ids as upstream says them, and as we do. */
    private final Map<Optional<String>, Optional<String>> said = new HashMap<>();

    private final Texts texts;
    private final Names names = new Names();
    private final Names amountNames = new Names();

    ResultReader(
            JsonParser parser, Endpoint endpoint, Fields fields, List<String> groupBy, UserNames users, Drift drift) {
        this.parser = parser;
        this.rows = new Rows(parser);
        this.endpoint = endpoint;
        this.inRow = fields.inRow();
        this.texts = new Texts(parser);
        this.nothingSaid = nothingSaid(groupBy);
        this.users = users;
        this.drift = drift;
    }

    private static ByName<Optional<String>> nothingSaid(List<String> groupBy) {
        ByName.Builder<Optional<String>> nothing = new ByName.Builder<>();
        groupBy.forEach(dimension -> nothing.put(dimension, Optional.empty()));
        return nothing.build();
    }

    /**
     * Reads the object that the parser stands at.
     *
     * @param index its place in the bucket
     * @param from where it begins
     */
    Result read(int index, int from) throws IOException, Unreadable {
        rows.object("a result");
        names.clear();
        inRow.begin();
        dimensions.begin(nothingSaid);
        measures.begin();
        Optional<String> object = Optional.empty();
        Optional<BigDecimal> quantity = Optional.empty();
        Optional<String> quantityUnit = Optional.empty();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            names.add(name);
            Field field = inRow.of(name);
            JsonToken token = parser.nextToken();
            switch (field.role()) {
                case OBJECT -> object = texts.text(name);
                case DIMENSION -> dimensions.put(name, dimension(name, token));
                case COUNT, AMOUNT_OF -> {
                    if (token != JsonToken.VALUE_NULL) {
                        measure(name, field);
                    }
                }
                case OPEN -> open(name, field, token);
                case MONEY -> money();
                case QUANTITY ->
                    quantity = token == JsonToken.VALUE_NULL
                            ? Optional.empty()
                            : Optional.of(Numbers.numberOrText(
                                    parser, name)); // as the amount: of the same kind in the description
                case QUANTITY_UNIT -> quantityUnit = unit(name);
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
        check(object);
        if (quantity.isPresent()) {
            String unit = quantityUnit.filter(u -> !u.isEmpty()).orElse(Field.UNKNOWN_UNIT);
            measures.put(QUANTITY, Measure.of(quantity.get(), unit));
        }
        return new Result(group(), measures.build(), index, from);
    }

    /** The group of the dimensions just read. */
    private Group group() {
        Group group = before.next();
        if (group == null || !dimensions.builds(group.dimensions())) {
            group = groups.computeIfAbsent(dimensions.build(), Group::new);
            before.followedBy(group);
        }
        before = group;
        return group;
    }

    private void check(Optional<String> object) throws Unreadable {
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
            if (!measures.contains(required)) {
                throw new Unreadable(Reason.MISSING_FIELD, "/" + required, required + " is missing or null");
            }
        }
        if (endpoint.money() && !measures.contains(AMOUNT)) {
            throw new Unreadable(Reason.MISSING_FIELD, "/amount", "amount is missing or null");
        }
        if (measures.size() == 0) {
            throw new Unreadable(Reason.MISSING_FIELD, "a result carries no number");
        }
    }

    private Optional<String> dimension(String name, JsonToken token) throws IOException, Unreadable {
        return switch (token) {
            case VALUE_TRUE -> TRUE;
            case VALUE_FALSE -> FALSE;
            default -> {
                Optional<String> value = texts.text(name);
                yield name.equals("user_id") && !users.plain()
                        ? said.computeIfAbsent(value, v -> v.flatMap(users::say))
                        : value;
            }
        };
    }

    private void measure(String name, Field field) throws IOException, Unreadable {
        if (Numbers.isCount(parser)) {
            long number = field.checked(parser.getLongValue(), name);
            room();
            measures.put(name, field.unit(), number);
        } else {
            BigDecimal number = field.checked(Numbers.number(parser, name), name);
            room();
            measures.put(name, Measure.of(number, field.unit()));
        }
    }

    /** A period names its sums by their units, so their length has a bound. */
    private Optional<String> unit(String name) throws IOException, Unreadable {
        Optional<String> unit = Json.text(parser, name);
        if (unit.isPresent() && unit.get().length() > MAX_UNIT) {
            throw new Unreadable(Reason.OVERFLOW, "/" + name, name + " has more than " + MAX_UNIT + " characters");
        }
        return unit;
    }

    private void room() throws Unreadable {
        if (measures.size() >= MAX_MEASURES) {
            throw new Unreadable(Reason.OVERFLOW, "a result carries more than " + MAX_MEASURES + " numbers");
        }
    }

    /** A field that nobody knows: a number is a measure, anything else is not ours. */
    private void open(String name, Field field, JsonToken token) throws IOException, Unreadable {
        if (token.isNumeric()) {
            measure(name, field);
        } else {
            parser.skipChildren();
        }
    }

    /** {@code {value, currency}}; the value is a number in the description and text in reality, as {@code "0E-6176"}. */
    private void money() throws IOException, Unreadable {
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
