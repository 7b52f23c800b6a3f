package io.usagestream.dev.upstream.ledger;

import java.math.BigDecimal;

/** The sums of one series in one interval. Each section of an answer shows some of them. */
public final class StudioCell {
    private long count;
    private long countByKey;
    private BigDecimal value = BigDecimal.ZERO;
    private BigDecimal valueByKey = BigDecimal.ZERO;
    private BigDecimal cost = BigDecimal.ZERO;
    private BigDecimal discount = BigDecimal.ZERO;
    private BigDecimal costByKey = BigDecimal.ZERO;
    private BigDecimal discountByKey = BigDecimal.ZERO;

    /** Counts an event; its value is 1 in most series and a cost in some. */
    void add(StudioEvent event, BigDecimal amount) {
        BigDecimal due = event.cost().orElse(BigDecimal.ZERO);
        count++;
        value = value.add(amount);
        cost = cost.add(due);
        discount = discount.add(event.discount());
        if (event.byApiKey()) {
            countByKey++;
            valueByKey = valueByKey.add(amount);
            costByKey = costByKey.add(due);
            discountByKey = discountByKey.add(event.discount());
        }
    }

    public long count() {
        return count;
    }

    public long countByKey() {
        return countByKey;
    }

    public BigDecimal value() {
        return value;
    }

    public BigDecimal valueByKey() {
        return valueByKey;
    }

    public BigDecimal cost() {
        return cost;
    }

    public BigDecimal discount() {
        return discount;
    }

    public BigDecimal costByKey() {
        return costByKey;
    }

    public BigDecimal discountByKey() {
        return discountByKey;
    }

    /** Whether all numbers are zero: counts may be there and sum up to nothing only where a refund meets its cost. */
    public boolean isZero() {
        return count == 0;
    }
}
