package io.usagestream.checkpoint;

import io.usagestream.stream.Digest;
import io.usagestream.stream.DigestText;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Utf8;

/**
 * The digest of a day's rows: the sum modulo 2^128 of each live row's contribution, so that it can be computed in any order, by
 * anybody who folded the records.
 */
public final class DayDigest {
    private DayDigest() {}

    /**
     * A row's contribution: the digest of its id, then per measure by name a line feed, the name, {@code =}, the plain decimal
     * without trailing zeros, a space and the unit.
     */
    public static Digest of(Utf8 id, Measures measures) {
        DigestText text = DigestText.begin().add(id);
        for (int n = 0; n < measures.size(); n++) {
            text.add('\n')
                    .word(measures.name(n))
                    .add('=')
                    .number(measures, n)
                    .add(' ')
                    .word(measures.unit(n));
        }
        return text.digest();
    }
}
