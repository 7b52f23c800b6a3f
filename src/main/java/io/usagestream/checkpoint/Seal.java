package io.usagestream.checkpoint;

import io.usagestream.stream.Digest;
import io.usagestream.stream.Split;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.SortedMap;

/** What the last period of a day said: what its next revision is compared with. Its key is {@code split|day|seal}. */
public record Seal(Split split, LocalDate day, int revision, SortedMap<String, BigDecimal> sums, Digest digest) {}
