package io.usagestream.ops.health;

import java.util.List;

/** An answer to a probe: good when nothing speaks against it. */
public record ProbeAnswer(List<String> because) {
    public boolean good() {
        return because.isEmpty();
    }
}
