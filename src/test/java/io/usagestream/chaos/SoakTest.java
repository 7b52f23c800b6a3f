package io.usagestream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One instance runs for long while another comes and goes: its memory and its threads stay as they were. Linux only. */
@Tag("soak")
class SoakTest {
    private static final Duration LENGTH = Duration.ofMinutes(Integer.getInteger("soak.minutes", 15));
    private static final Duration SAMPLE = Duration.ofSeconds(5);

    /** What the system says of a process. */
    private record Sample(long residentKiB, long threads) {
        static Sample of(Child process) {
            try {
                List<String> status = Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status"));
                return new Sample(number(status, "VmRSS:"), number(status, "Threads:"));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private static long number(List<String> status, String name) {
            return status.stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void memoryAndThreadsStayFlat() {
        try (Stage stage = Stage.plain("soak", Workload.small(31).paced(2_000, Duration.ofHours(6)))) {
            Child steady = stage.launch();
            assertThat(Pause.until(() -> steady.says("lane is running"), Duration.ofSeconds(90)))
                    .as(stage.toString())
                    .isTrue();
            List<Sample> samples = new ArrayList<>();
            long end = System.nanoTime() + LENGTH.toNanos();
            for (int tick = 0; System.nanoTime() - end < 0; tick++) {
                if (tick % 12 == 6) {
                    stage.launch();
                } else if (tick % 12 == 0 && stage.instances().size() > 1) {
                    Child guest = stage.instances().get(1);
                    guest.kill();
                    stage.dismiss(guest);
                }
                Pause.millis(SAMPLE.toMillis());
                samples.add(Sample.of(steady));
            }
            List<Sample> first = samples.subList(0, samples.size() / 3);
            List<Sample> last = samples.subList(samples.size() - samples.size() / 3, samples.size());
            System.out.printf(
                    "soak: %d min, resident %d MiB in the first third, %d MiB in the last; threads %d and %d%n",
                    LENGTH.toMinutes(),
                    mean(first, Sample::residentKiB) / 1024,
                    mean(last, Sample::residentKiB) / 1024,
                    mean(first, Sample::threads),
                    mean(last, Sample::threads));
            stage.clear();
            Verdict verdict = stage.settle();
            assertThat(verdict.sound()).as(verdict.toString()).isTrue();
            assertThat(mean(last, Sample::threads)).isLessThanOrEqualTo(mean(first, Sample::threads) + 4);
            assertThat(mean(last, Sample::residentKiB)).isLessThan(mean(first, Sample::residentKiB) * 5 / 4);
        }
    }

    private static long mean(List<Sample> samples, java.util.function.ToLongFunction<Sample> what) {
        return (long) samples.stream().mapToLong(what).average().orElse(0);
    }
}
