package io.usagestream.dedup;

import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import java.util.Optional;

/** The packed form of a row's values: how many, then for each the number of its name and its decimal. */
public final class RowValues {
    private RowValues() {}

    public static void write(Measures values, MeasureNames names, PackedBytes out) {
        out.putVarint(values.size());
        int probably = 0;
        for (int n = 0; n < values.size(); n++) {
            int number = names.number(values.name(n), values.unit(n), probably);
            out.putVarint(number);
            if (values.isCount(n)) {
                out.putCount(values.count(n));
            } else {
                out.putDecimal(values.value(n).value());
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
