package io.usagestream.dedup;

import io.usagestream.stream.Measure;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The packed form of a row's values: how many, then for each the number of its name and its decimal. */
public final class RowValues {
    private RowValues() {}

    public static void write(SortedMap<String, Measure> values, MeasureNames names, PackedBytes out) {
        out.putVarint(values.size());
        int probably = 0;
        for (var value : values.entrySet()) {
            int number = names.number(value.getKey(), value.getValue().unit(), probably);
            out.putVarint(number);
            out.putDecimal(value.getValue().value());
            probably = number + 1;
        }
    }

    public static SortedMap<String, Measure> read(PackedBytes.Cursor in, MeasureNames names) {
        SortedMap<String, Measure> values = new TreeMap<>();
        for (long n = in.readVarint(); n > 0; n--) {
            MeasureNames.Name name = names.name((int) in.readVarint());
            values.put(name.measure(), new Measure(in.readDecimal(), name.unit(), Optional.empty()));
        }
        return values;
    }
}
