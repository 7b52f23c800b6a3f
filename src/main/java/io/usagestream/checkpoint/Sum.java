package io.usagestream.checkpoint;

import io.usagestream.stream.Measure;
import java.math.BigDecimal;

/** An exact sum: counts add up in a long for as long as they fit one. */
final class Sum {
    private long counts;
    private BigDecimal rest = BigDecimal.ZERO;

    void add(BigDecimal number) {
        if (number.scale() == 0 && Measure.isNarrow(number)) {
            long count = Measure.unscaled(number);
            long sum = counts + count;
            if (((counts ^ sum) & (count ^ sum)) >= 0) {
                counts = sum;
                return;
            }
        }
        rest = rest.add(number);
    }

    BigDecimal exact() {
        return Measure.plain(rest.add(BigDecimal.valueOf(counts)));
    }
}
