package io.usagestream.checkpoint;

import io.usagestream.stream.Digest;
import io.usagestream.stream.DigestText;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Utf8;
import java.util.SortedMap;

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
    public static Digest of(Utf8 id, SortedMap<String, Measure> measures) {
        DigestText text = DigestText.begin().add(id);
        Measures all = Measures.of(measures);
        for (int n = 0; n < all.size(); n++) {
            text.add('\n').word(all.name(n)).add('=').number(all, n).add(' ').word(all.unit(n));
        }
        return text.digest();
    }
}
