package io.usagestream.dedup;

import io.usagestream.stream.ByName;
import io.usagestream.stream.Measure;
import java.util.Optional;
import java.util.SortedMap;

/** The packed form of a row's values: how many, then for each the number of its name and its decimal. */
public final class RowValues {
    private RowValues() {}

    public static void write(SortedMap<String, Measure> values, MeasureNames names, PackedBytes out) {
        ByName<Measure> byName = ByName.of(values);
        out.putVarint(byName.size());
        int probably = 0;
        for (int i = 0; i < byName.size(); i++) {
            Measure measure = byName.value(i);
            int number = names.number(byName.name(i), measure.unit(), probably);
            out.putVarint(number);
            out.putDecimal(measure.value());
            probably = number + 1;
        }
    }

    public static ByName<Measure> read(PackedBytes.Cursor in, MeasureNames names) {
        ByName.Builder<Measure> values = new ByName.Builder<>();
        for (long n = in.readVarint(); n > 0; n--) {
            MeasureNames.Name name = names.name((int) in.readVarint());
            values.put(name.measure(), new Measure(in.readDecimal(), name.unit(), Optional.empty()));
        }
        return values.build();
    }
}
