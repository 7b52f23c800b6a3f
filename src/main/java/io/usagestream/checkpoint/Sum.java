package io.usagestream.checkpoint;

import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import java.math.BigDecimal;

/** An exact sum: counts add up in a long for as long as they fit one. */
final class Sum {
    private long counts;
    private BigDecimal rest = BigDecimal.ZERO;

    void add(Measures measures, int n) {
        if (measures.isCount(n)) {
            long count = measures.count(n);
            long sum = counts + count;
            if (((counts ^ sum) & (count ^ sum)) >= 0) {
                counts = sum;
                return;
            }
        }
        rest = rest.add(measures.value(n).value());
    }

    BigDecimal exact() {
        return Measure.plain(rest.add(BigDecimal.valueOf(counts)));
    }
}
