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
        values.forEach((name, measure) -> {
            out.putVarint(names.number(new MeasureNames.Name(name, measure.unit())));
            out.putDecimal(measure.value());
        });
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
