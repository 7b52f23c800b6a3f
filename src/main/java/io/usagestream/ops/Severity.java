package io.usagestream.ops;

import io.usagestream.stream.SplitState;
import java.util.List;

/** The order of states from good to bad: a source is as bad as the worst of its streams. */
public final class Severity {
    private static final List<SplitState> FROM_GOOD_TO_BAD = List.of(
            SplitState.RUNNING, SplitState.CATCHING_UP, SplitState.STARTING, SplitState.DEGRADED, SplitState.HALTED);

    private Severity() {}

    public static SplitState worse(SplitState a, SplitState b) {
        return FROM_GOOD_TO_BAD.indexOf(a) >= FROM_GOOD_TO_BAD.indexOf(b) ? a : b;
    }
}
