package io.usagestream.dev.upstream.fault;

import java.util.EnumSet;
import java.util.Set;

/**
 * What is wrong with one answer.
 *
 * @param dice a number of this request's own, for what has to be chosen
 */
public record Afflictions(Set<Fault> faults, long dice) {
    public static final Afflictions NONE = new Afflictions(EnumSet.noneOf(Fault.class), 0);

    public boolean has(Fault fault) {
        return faults.contains(fault);
    }
}
