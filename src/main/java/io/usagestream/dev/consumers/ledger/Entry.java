package io.usagestream.dev.consumers.ledger;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.SortedMap;

/**
 * One record's last revision.
 *
 * @param split {@code source/stream}
 * @param project the row's project; empty where it names none
 * @param values by measure; none of them counts when the row is retracted
 */
record Entry(
        String id,
        int revision,
        String split,
        LocalDate day,
        String project,
        boolean retracted,
        SortedMap<String, Amount> values) {
    private static final int DIGEST_BYTES = 16;

    /** A number and its unit. */
    record Amount(BigDecimal value, String unit) {}

    /**
     * What the row adds to its day's digest: the first 16 bytes of SHA-256 of the id and, per measure by name, a line feed, the name,
     * {@code =}, the plain decimal without trailing zeros, a space and the unit.
     */
    BigInteger digest() {
        StringBuilder text = new StringBuilder(id);
        values.forEach((name, amount) -> text.append('\n')
                .append(name)
                .append('=')
                .append(plain(amount.value()))
                .append(' ')
                .append(amount.unit()));
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return new BigInteger(1, Arrays.copyOf(hash, DIGEST_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
