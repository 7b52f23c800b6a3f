package io.usagestream.dev.upstream.fault;

import io.usagestream.dev.upstream.fault.Fault.Kind;
import io.usagestream.dev.upstream.http.Ask;
import io.usagestream.dev.upstream.ledger.Dice;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decides what is wrong with each answer.
 *
 * <p>Faults come and go: of every phase of some seconds a seeded part is without a given fault, so that what failed can be done again.
 * At most one fault strikes instead of an answer, and at most one on its way.
 */
public final class FaultPlan {
    private static final Duration PHASE = Duration.ofSeconds(15);
    private static final int PHASES_WITH = 400;
    private static final int ALWAYS = 1000;
    private static final Set<Fault> RATE_LIMITS =
            EnumSet.of(Fault.RATE_LIMIT, Fault.RATE_LIMIT_DATE, Fault.RATE_LIMIT_MS, Fault.RATE_LIMIT_BARE);

    private record Burst(Fault fault, Instant until) {}

    private final long seed;
    private final AtomicLong requests = new AtomicLong();
    /** The chances of the faults that are about, in a thousand. */
    private final Map<Fault, Integer> chances = new ConcurrentHashMap<>();

    private final Queue<Fault> once = new ConcurrentLinkedQueue<>();
    /** Accounts that are told to wait, by their credentials. */
    private final Map<String, Burst> bursts = new ConcurrentHashMap<>();

    public FaultPlan(long seed, Set<Fault> faults) {
        this.seed = seed;
        faults.forEach(this::enable);
    }

    /** Lets a fault come and go, at its own rate. */
    public void enable(Fault fault) {
        chances.put(fault, fault.perMille());
    }

    /** Lets a fault strike every request that it concerns. */
    public void always(Fault fault) {
        chances.put(fault, ALWAYS);
    }

    /** Lets a fault strike the next request that it concerns. */
    public void once(Fault fault) {
        once.add(fault);
    }

    public void disable(Fault fault) {
        chances.remove(fault);
    }

    /** Heals everything. */
    public void clear() {
        chances.clear();
        once.clear();
        bursts.clear();
    }

    /** What is wrong with the answer to a request. */
    public Afflictions next(Ask ask, Instant now) {
        long number = requests.incrementAndGet();
        if (chances.isEmpty() && once.isEmpty() && bursts.isEmpty()) {
            return Afflictions.NONE;
        }
        Dice dice = new Dice(Dice.seed(seed, number));
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        takeOnce(ask).ifPresent(faults::add);
        for (Fault fault : Fault.values()) {
            if (isFree(fault.kind(), faults) && fault.concerns(ask) && strikes(fault, dice, now)) {
                faults.add(fault);
            }
        }
        burst(ask, faults, dice, now);
        return new Afflictions(faults, dice.next());
    }

    /** How long the account of this request has to wait yet. */
    public Duration burstLeft(Ask ask, Instant now) {
        Burst burst = bursts.get(caller(ask));
        return burst == null || now.isAfter(burst.until()) ? Duration.ZERO : Duration.between(now, burst.until());
    }

    private Optional<Fault> takeOnce(Ask ask) {
        for (Fault fault : once) {
            if (fault.concerns(ask) && once.remove(fault)) {
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }

    private static boolean isFree(Kind kind, Set<Fault> faults) {
        return kind == Kind.CONTENT || faults.stream().noneMatch(fault -> fault.kind() == kind);
    }

    private boolean strikes(Fault fault, Dice dice, Instant now) {
        Integer chance = chances.get(fault);
        if (chance == null || fault.kind() == Kind.LEDGER) {
            return false;
        }
        return chance >= ALWAYS || isAbout(fault, now) && dice.perMille(chance);
    }

    private boolean isAbout(Fault fault, Instant now) {
        long phase = now.toEpochMilli() / PHASE.toMillis();
        return new Dice(Dice.seed(seed, fault.word().hashCode(), phase)).perMille(PHASES_WITH);
    }

    /** Who is told to wait is told so until the time is over. */
    private void burst(Ask ask, Set<Fault> faults, Dice dice, Instant now) {
        Burst burst = bursts.get(caller(ask));
        if (burst != null && now.isBefore(burst.until())) {
            faults.removeIf(fault -> fault.kind() == Kind.REFUSAL);
            faults.add(burst.fault());
            return;
        }
        faults.stream()
                .filter(RATE_LIMITS::contains)
                .findFirst()
                .ifPresent(fault -> bursts.put(caller(ask), new Burst(fault, now.plusMillis(dice.between(500, 2500)))));
    }

    private static String caller(Ask ask) {
        return ask.authorization().orElse("");
    }
}
