package io.usagestream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Runs a campaign from its first process to the audit, and prints how it went. */
final class Report {
    private Report() {}

    static void printed(Plan plan, Supplier<Stage> set, BiConsumer<Stage, Verdict> judge) {
        long began = System.nanoTime();
        try (Stage stage = set.get()) {
            Map<Disaster, Integer> happened = new Campaign(stage, plan).run();
            int lost = stage.cluster().lostAnswers();
            stage.clear();
            Verdict verdict = stage.settle();
            System.out.printf(
                    "chaos: seed %d, %s, answers to commits lost %d, lanes that stood back: fenced %d, unknown %d, aborted %d,"
                            + " took %d s: %s%n",
                    plan.seed(),
                    happened,
                    lost,
                    stage.logged("outcome=Fenced"),
                    stage.logged("outcome=Unknown"),
                    stage.logged("outcome=Aborted"),
                    (System.nanoTime() - began) / 1_000_000_000,
                    verdict);
            judge.accept(stage, verdict);
        }
    }

    /** Nothing is missing, doubled or open, and who catches up once more publishes nothing. */
    static void soundAndAtRest(Stage stage, Verdict verdict) {
        assertThat(verdict.sound()).as(verdict.toString()).isTrue();
        stage.catchUp();
        assertThat(Topics.records(stage.client(), stage.prefix()))
                .as("records after a second --until-caught-up")
                .isEqualTo(verdict.offsets());
    }
}
