package io.usagestream.dev.upstream.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One account's OpenAI organization: who calls, and what they call. */
final class Organization {
    private final List<Caller> callers = new ArrayList<>();
    private final List<Optional<String>> vectorStores = new ArrayList<>();

    Organization(long seed, int account) {
        Dice dice = new Dice(Dice.seed(seed, account, "organization".hashCode()));
        List<String> projects = names(dice, "proj_", dice.between(2, 4));
        List<String> users = names(dice, "user-", dice.between(3, 6));
        for (String user : users) {
            int keys = dice.between(1, 2);
            for (int i = 0; i < keys; i++) {
                callers.add(caller(dice, projects, Optional.of(user)));
            }
        }
        callers.add(caller(dice, projects, Optional.empty()));
        names(dice, "vs_", 3).forEach(store -> vectorStores.add(Optional.of(store)));
    }

    /** Mostly the first ones. */
    int rollCaller(Dice dice) {
        return dice.skewed(callers.size());
    }

    Caller caller(int index) {
        return callers.get(index % callers.size());
    }

    Optional<String> rollVectorStore(Dice dice) {
        return vectorStores.get(dice.below(vectorStores.size()));
    }

    private static Caller caller(Dice dice, List<String> projects, Optional<String> user) {
        return new Caller(
                Optional.of(projects.get(dice.skewed(projects.size()))), user, Optional.of("key_" + dice.text(16)));
    }

    private static List<String> names(Dice dice, String prefix, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(prefix + dice.text(24));
        }
        return names;
    }
}
