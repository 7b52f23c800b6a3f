package io.usagestream.dedup;

import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import java.util.Optional;
import java.util.SortedMap;

/** The packed form of a row's values: how many, then for each the number of its name and its decimal. */
public final class RowValues {
    private RowValues() {}

    public static void write(SortedMap<String, Measure> values, MeasureNames names, PackedBytes out) {
        Measures all = Measures.of(values);
        out.putVarint(all.size());
        int probably = 0;
        for (int n = 0; n < all.size(); n++) {
            int number = names.number(all.name(n), all.unit(n), probably);
            out.putVarint(number);
            if (all.isCount(n)) {
                out.putCount(all.count(n));
            } else {
                out.putDecimal(all.value(n).value());
            }
            probably = number + 1;
        }
    }

    public static Measures read(PackedBytes.Cursor in, MeasureNames names) {
        Measures.Builder values = new Measures.Builder();
        for (long n = in.readVarint(); n > 0; n--) {
            MeasureNames.Name name = names.name((int) in.readVarint());
            if (in.atCount()) {
                values.put(name.measure(), name.unit(), in.readCount());
            } else {
                values.put(name.measure(), new Measure(in.readDecimal(), name.unit(), Optional.empty()));
            }
        }
        return values.build();
    }
}
