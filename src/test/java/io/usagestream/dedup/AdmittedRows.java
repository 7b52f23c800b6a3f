package io.usagestream.dedup;

import io.usagestream.stream.Digest;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Utf8;
import java.time.Instant;

/** Reads that came to so many rows of each kind, for tests of those who count them. */
public final class AdmittedRows {
    private AdmittedRows() {}

    public static Admitted of(int fresh, int revised, int unchanged, int retracted, int restated) {
        Admitted admitted = new Admitted();
        for (int i = 0; i < fresh; i++) {
            admitted.freshRow(row("new" + i), false);
        }
        for (int i = 0; i < revised; i++) {
            admitted.revisedRow(row("revised" + i), i < restated);
        }
        for (int i = 0; i < unchanged; i++) {
            admitted.unchangedRow();
        }
        for (int i = 0; i < retracted; i++) {
            admitted.retractedRow(row("retracted" + i), false);
        }
        return admitted;
    }

    private static SeenRow row(String id) {
        return new SeenRow(Digest.of(id), Digest.of(id), 1, false, Instant.EPOCH, Measures.empty(), Utf8.of(id));
    }
}
