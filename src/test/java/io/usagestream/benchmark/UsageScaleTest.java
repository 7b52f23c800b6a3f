package io.usagestream.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.it.Published;
import io.usagestream.it.SharedKafka;
import io.usagestream.query.CommittedTopics;
import io.usagestream.query.Rows;
import io.usagestream.query.UsageAnswer;
import io.usagestream.query.UsageQuestion;
import io.usagestream.query.UsageReport;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.TopicSettings;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Publication.PointRevision;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A million points are summarised in ten seconds by a process of 512 MB: as large as the command's would be. */
@Tag("benchmark")
class UsageScaleTest {
    private static final int POINTS = 1_000_000;
    private static final int HOURS = 24 * 30;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** The process that is measured: takes the broker and the prefix, prints how many points, how many milliseconds and how many of CPU. */
    public static final class Process {
        private Process() {}

        public static void main(String[] arguments) {
            long begin = System.nanoTime();
            UsageQuestion question = new UsageQuestion(
                    LocalDate.parse("2026-11-01"), LocalDate.parse("2026-11-30"), Optional.empty(), Set.of());
            try (CommittedTopics topics =
                    new CommittedTopics(java.util.Map.of("bootstrap.servers", arguments[0]), arguments[1])) {
                UsageAnswer answer = new UsageReport(topics, id -> "", Set.of()).answer(question);
                long tokens = answer.models().stream()
                        .mapToLong(line -> line.sums()
                                .getOrDefault("input_tokens/tokens", BigDecimal.ZERO)
                                .longValueExact())
                        .sum();
                System.out.println(answer.streams().get(0).rows() + " " + tokens + " "
                        + Duration.ofNanos(System.nanoTime() - begin).toMillis() + " "
                        + ProcessHandle.current()
                                .info()
                                .totalCpuDuration()
                                .map(Duration::toMillis)
                                .orElse(-1L));
            }
        }
    }

    @Test
    void aMillionPointsInTenSecondsAndHalfAGigabyte() throws Exception {
        KafkaSettings settings = SharedKafka.instance().settings(1);
        Vertx vertx = Vertx.vertx();
        new Topics(vertx, settings, new TopicSettings(true, 8, -1, -1, Optional.empty(), true))
                .prepare()
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        vertx.close();
        try (Published published = new Published(settings)) {
            int rowsAnHour = POINTS / HOURS + 1;
            int left = POINTS;
            Instant start = Instant.parse("2026-11-01T00:00:00Z");
            for (int hour = 0; hour < HOURS; hour++) {
                Rows rows = new Rows();
                List<PointRevision> points = new ArrayList<>();
                for (int row = 0; row < rowsAnHour && left > 0; row++, left--) {
                    points.add(rows.row(
                            Rows.COMPLETIONS,
                            start.plus(Duration.ofHours(hour)).toString(),
                            Grain.HOUR,
                            "api_key_id=key_" + row % 97 + "&batch=false&model=gpt-" + row % 13 + "&project_id=proj_"
                                    + row + "&service_tier=default&user_id=user_" + row % 211,
                            "input_tokens=1000 tokens",
                            "input_cached_tokens=400 tokens",
                            "input_uncached_tokens=600 tokens",
                            "output_tokens=20 tokens",
                            "input_text_tokens=600 tokens",
                            "output_text_tokens=20 tokens",
                            "num_model_requests=3 requests"));
                }
                published.commit(points);
            }
        }

        String[] said = run(settings).split(" ");

        System.out.println("usage over a million points: " + said[2] + " ms, CPU of the process with its start "
                + said[3] + " ms");
        assertThat(said[0]).isEqualTo(Integer.toString(POINTS));
        assertThat(said[1]).isEqualTo(Long.toString(1000L * POINTS));
        assertThat(Duration.ofMillis(Long.parseLong(said[2]))).isLessThanOrEqualTo(LIMIT);
    }

    private static String run(KafkaSettings settings) throws IOException, InterruptedException {
        java.lang.Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx384m",
                        "-XX:MaxMetaspaceSize=64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Process.class.getName(),
                        settings.client().get("bootstrap.servers"),
                        settings.prefix())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = process.inputReader()) {
            String last = out.lines().reduce("", (before, line) -> line);
            assertThat(process.waitFor()).isZero();
            return last;
        }
    }
}
