package io.usagestream.dev.upstream.ledger;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What one piece of usage costs under one line item.
 *
 * @param unit empty where no unit applies
 */
record Charge(String lineItem, BigDecimal amount, BigDecimal quantity, Optional<String> unit) {}
