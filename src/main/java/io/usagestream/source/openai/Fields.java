package io.usagestream.source.openai;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The fields of one stream's results by name, as it is configured to be grouped. */
final class Fields {
    private static final Set<String> EVER_SEEN = Set.of(
            "project_id",
            "user_id",
            "api_key_id",
            "model",
            "batch",
            "service_tier",
            "api_source",
            "size",
            "source",
            "vector_store_id",
            "context_level",
            "line_item",
            "organization_id");
    private static final Pattern MEASURE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
    private static final Field ODD = new Field(Field.Role.IGNORED, "", false);

    private final Map<String, Field> fields = new HashMap<>();
    private final boolean described;

    Fields(Endpoint endpoint, List<String> groupBy) {
        this.described = endpoint.object().isPresent();
        EVER_SEEN.forEach(name -> fields.put(name, new Field(Field.Role.IGNORED, "", true)));
        fields.put("object", new Field(Field.Role.OBJECT, "", true));
        endpoint.required().forEach(name -> fields.put(name, Field.named(name, true)));
        endpoint.documented().forEach(name -> fields.put(name, Field.named(name, true)));
        if (endpoint.money()) {
            fields.put("amount", new Field(Field.Role.MONEY, "", true));
            fields.put("quantity", new Field(Field.Role.QUANTITY, "", true));
            fields.put("quantity_unit", new Field(Field.Role.QUANTITY_UNIT, "", true));
        }
        groupBy.forEach(name -> fields.put(name, new Field(Field.Role.DIMENSION, "", true)));
    }

    /** What that field is. Of a stream that is only a path nothing was known before, so nothing is news. Names that no number of ours could have are ignored with their fields. */
    Field of(String name) {
        Field field = fields.get(name);
        if (field != null) {
            return field;
        }
        return MEASURE_NAME.matcher(name).matches() ? Field.named(name, !described) : ODD;
    }

    /** The fields of one row after the other. */
    InRow inRow() {
        return new InRow();
    }

    /** Most rows have the fields of the one before in the same order: then they need not be looked up again. */
    final class InRow {
        private static final int KEPT = 32;

        private final String[] names = new String[KEPT];
        private final Field[] kept = new Field[KEPT];
        private int at;

        void begin() {
            at = 0;
        }

        @SuppressWarnings(
                "ReferenceEquality") // the parser gives the same name as the same object; another costs a look-up
        Field of(String name) {
            if (at == KEPT) {
                return Fields.this.of(name);
            }
            if (names[at] != name) {
                names[at] = name;
                kept[at] = Fields.this.of(name);
            }
            return kept[at++];
        }
    }
}
