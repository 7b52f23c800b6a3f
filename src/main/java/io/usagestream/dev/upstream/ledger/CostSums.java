package io.usagestream.dev.upstream.ledger;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Charges of one bucket, summed up by the dimensions asked for. */
final class CostSums {
    private static final class Sum {
        BigDecimal amount = BigDecimal.ZERO;
        BigDecimal quantity = BigDecimal.ZERO;
        Optional<String> unit;

        Sum(Optional<String> unit) {
            this.unit = unit;
        }

        void add(Charge charge) {
            amount = amount.add(charge.amount());
            quantity = quantity.add(charge.quantity());
            if (!unit.equals(charge.unit())) {
                unit = Optional.empty();
            }
        }
    }

    private final List<String> groupBy;
    private final Map<List<Optional<String>>, Sum> sums = new LinkedHashMap<>();

    CostSums(List<String> groupBy) {
        this.groupBy = groupBy;
    }

    void add(Usage usage, Charge charge) {
        List<Optional<String>> key = new ArrayList<>(groupBy.size());
        for (String dimension : groupBy) {
            key.add(
                    dimension.equals(CostQuery.LINE_ITEM)
                            ? Optional.of(charge.lineItem())
                            : usage.dimension(dimension));
        }
        sums.computeIfAbsent(key, k -> new Sum(charge.unit())).add(charge);
    }

    List<CostBucket.Row> rows() {
        boolean byItem = groupBy.contains(CostQuery.LINE_ITEM);
        List<CostBucket.Row> rows = new ArrayList<>(sums.size());
        sums.forEach((key, sum) -> rows.add(new CostBucket.Row(
                key,
                sum.amount,
                byItem ? Optional.of(sum.quantity) : Optional.empty(),
                byItem ? sum.unit : Optional.empty())));
        return rows;
    }
}
