package io.usagestream.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the table of packages: who may know whom, what is pure, where time and chance come from. */
class ArchitectureTest {
    private static final String ROOT = "io.usagestream";

    /** In reading order: a package knows only those before it. */
    private static final List<String> PACKAGES = List.of(
            "stream",
            "dedup",
            "checkpoint",
            "plan",
            "source",
            "envelope",
            "sink",
            "ingest",
            "query",
            "ops",
            "config",
            "cli",
            "dev");

    private static final List<String> PURE = List.of("stream", "dedup", "checkpoint", "plan");

    /** Where the object graph is built: it names providers and adapters, and hands out clocks and chance. */
    private static final List<String> WIRING = List.of("cli", "dev");

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(ROOT);
    }

    @Test
    void everyPackageOfTheTableAndNoOther() {
        Set<String> known = Set.copyOf(PACKAGES);
        assertThat(classes)
                .extracting(ArchitectureTest::top)
                .allSatisfy(top -> assertThat(known).as("package " + top).containsAnyElementsOf(List.of(top)));
    }

    @Test
    void arrowsPointUpwardsInTheTable() {
        for (int i = 0; i < PACKAGES.size(); i++) {
            String below = PACKAGES.get(i);
            for (String later : PACKAGES.subList(i + 1, PACKAGES.size())) {
                check(noClasses()
                        .that()
                        .resideInAPackage(within(below))
                        .should()
                        .dependOnClassesThat(residesIn(later))
                        .because(below + " stands above " + later));
            }
        }
    }

    @Test
    void theCoreKnowsNothingButTheLanguage() {
        check(classes()
                .that()
                .resideInAnyPackage(within(PURE))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(concat(
                        within(PURE),
                        "java.lang..",
                        "java.math..",
                        "java.time..",
                        "java.util..",
                        "java.nio.charset..",
                        "java.nio",
                        "java.security",
                        "java.io",
                        "org.jspecify.."))
                .because("that is where correctness lives: it is simulated"));
        check(noClasses()
                .that()
                .resideInAnyPackage(within(PURE))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.concurrent..", "java.util.logging..")
                .because("it has no threads and does not log"));
    }

    @Test
    void timeAndChanceComeFromTheWiringAlone() {
        check(noClasses()
                .that()
                .resideInAnyPackage(within(everythingBut(WIRING)))
                .should()
                .callCodeUnitWhere(readsTheClock())
                .orShould()
                .callCodeUnitWhere(rollsDice())
                .because("the loop runs in a simulator with time and dice of its own"));
    }

    @Test
    void onlyTheWiringNamesProviders() {
        for (String provider : List.of("source.openai", "source.scenario")) {
            check(noClasses()
                    .that()
                    .resideOutsideOfPackages(concat(within(WIRING), within(provider)))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(within(provider))
                    .because("deleting a provider's folder breaks one line of wiring"));
        }
    }

    @Test
    void onlyTheWiringNamesTheKafkaAdapter() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(concat(within(WIRING), within("sink.kafka")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(within("sink.kafka")));
    }

    @Test
    void onlyTheEnvelopeKnowsTheGeneratedRecords() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(within("envelope"), within("avro"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(within("avro")));
    }

    @Test
    void theProgramNeverEndsTheProcessByTheWay() {
        check(noClasses()
                .that()
                .resideInAnyPackage(within(everythingBut(WIRING)))
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class));
    }

    private static DescribedPredicate<JavaCall<?>> readsTheClock() {
        Set<String> types = Set.of(
                Instant.class.getName(),
                LocalDate.class.getName(),
                LocalDateTime.class.getName(),
                OffsetDateTime.class.getName(),
                ZonedDateTime.class.getName());
        return DescribedPredicate.describe("reads the clock", call -> {
            CodeUnitCallTarget target = call.getTarget();
            String owner = target.getOwner().getName();
            return (target.getName().equals("now") && types.contains(owner))
                    || (owner.equals(System.class.getName()) && target.getName().equals("currentTimeMillis"))
                    || (owner.equals(Clock.class.getName()) && target.getName().startsWith("system"))
                    || (owner.equals(InstantSource.class.getName())
                            && target.getName().equals("system"));
        });
    }

    private static DescribedPredicate<JavaCall<?>> rollsDice() {
        Set<String> types =
                Set.of(Random.class.getName(), SplittableRandom.class.getName(), ThreadLocalRandom.class.getName());
        return DescribedPredicate.describe("rolls dice", call -> {
            CodeUnitCallTarget target = call.getTarget();
            String owner = target.getOwner().getName();
            boolean made = target.getName().equals("<init>") && types.contains(owner);
            return made
                    || (owner.equals(ThreadLocalRandom.class.getName())
                            && target.getName().equals("current"))
                    || (owner.equals(UUID.class.getName()) && target.getName().equals("randomUUID"))
                    || (owner.equals(Math.class.getName()) && target.getName().equals("random"));
        });
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(classes);
    }

    /** The first word below the root; the root itself and what is generated count as part of the table. */
    private static String top(JavaClass type) {
        String name = type.getPackageName();
        if (name.equals(ROOT) || name.startsWith(ROOT + ".avro")) {
            return "stream";
        }
        String below = name.substring(ROOT.length() + 1);
        int dot = below.indexOf('.');
        return dot < 0 ? below : below.substring(0, dot);
    }

    private static List<String> everythingBut(List<String> some) {
        return PACKAGES.stream().filter(name -> !some.contains(name)).toList();
    }

    private static DescribedPredicate<JavaClass> residesIn(String name) {
        return JavaClass.Predicates.resideInAPackage(within(name));
    }

    private static String within(String name) {
        return ROOT + "." + name + "..";
    }

    private static String[] within(List<String> names) {
        return names.stream().map(ArchitectureTest::within).toArray(String[]::new);
    }

    private static String[] concat(String[] some, String... more) {
        return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new);
    }
}
