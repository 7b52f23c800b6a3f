package io.usagestream.cli;

import io.usagestream.config.Settings;
import io.usagestream.ingest.FreshReading;
import io.usagestream.query.CommittedTopics;
import io.usagestream.query.DecodedTopics;
import io.usagestream.query.Reconciliation;
import io.usagestream.query.RegistrySchemas;
import io.usagestream.query.SplitComparison;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.kafka.WholeTopics;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.StreamSettings;
import io.usagestream.stream.Window;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Proves that the topics hold what upstream shows, or says what differs. */
@Command(
        name = "reconcile",
        description = {
            "Reads a range of upstream again and compares it with the topics: prints every row that differs, and the sums of both"
                    + " sides. Exit status 0: equal, 1: not.",
            "The range is half-open and widened to whole buckets. Rows that differ are read twice before they count. With --repair"
                    + " the owner of the source publishes the differences as restatements; without a running service they are"
                    + " published from here."
        },
        footerHeading = "%nExample:%n",
        footer = "  usagestream reconcile --config example.yaml --from 2026-11-01 --to 2026-12-01")
final class ReconcileCommand implements Callable<Integer> {
    /** How long the service is given at most to publish what it does not hold yet. */
    private static final Duration MOST_PATIENCE = Duration.ofSeconds(90);

    private static final Duration CLOSING = Duration.ofSeconds(10);

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Mixin
    private RangeOptions range = new RangeOptions();

    @Option(names = "--source", paramLabel = "NAME", description = "only this source (default: all)")
    private Optional<String> name = Optional.empty();

    @Option(names = "--repair", description = "have the differences published as restatements")
    private boolean repair;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        Window asked = range.window();
        Settings settings = config.read();
        List<SourceSettings> sources =
                name.map(one -> List.of(ConfiguredSources.named(settings, one))).orElseGet(settings::sources);
        Shutdown.onSignal(Duration.ofSeconds(2), () -> ExitStatus.FAILED);
        try {
            Map<SourceSettings, List<SplitComparison>> compared = compare(settings, sources, asked);
            List<SplitComparison> all =
                    compared.values().stream().flatMap(List::stream).toList();
            PrintWriter out = spec.commandLine().getOut();
            ComparisonText.of(all).forEach(out::println);
            out.flush();
            boolean equal = all.stream().allMatch(SplitComparison::isEqual);
            if (repair && !equal) {
                repair(settings, compared);
            }
            return equal ? ExitStatus.OK : ExitStatus.FAILED;
        } catch (SinkException | KafkaException e) {
            throw KafkaTrouble.of(settings, e);
        }
    }

    private Map<SourceSettings, List<SplitComparison>> compare(
            Settings settings, List<SourceSettings> sources, Window asked) throws InterruptedException {
        Map<SourceSettings, List<SplitComparison>> compared = new LinkedHashMap<>();
        Vertx vertx = Vertx.vertx();
        try (WholeTopics whole = KafkaParts.whole(settings);
                CommittedTopics topics = KafkaParts.committed(settings, whole);
                RegistrySchemas schemas = KafkaParts.schemas(settings)) {
            Reconciliation reconciliation =
                    new Reconciliation(new DecodedTopics(topics, schemas), Clock.systemUTC(), this::pause);
            for (SourceSettings source : sources) {
                FreshReading upstream = new FreshReading(
                        vertx,
                        Providers.named(source.provider()),
                        source,
                        Clock.systemUTC(),
                        RandomGenerator.getDefault());
                compared.put(source, reconciliation.compare(upstream, source.streams(), asked, patience(source)));
                upstream.close();
            }
        } finally {
            Waiting.forIt(vertx.close(), CLOSING);
        }
        return compared;
    }

    private void pause(Duration time) throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        err.println("Rows above the watermark differ: reading them again in " + time.toSeconds()
                + " s, so that a running service can publish what is only late …");
        err.flush();
        Thread.sleep(time.toMillis());
    }

    /** One poll, and the time that its commit takes. */
    private static Duration patience(SourceSettings source) {
        Duration poll = source.streams().stream()
                .map(StreamSettings::pollInterval)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO)
                .plusSeconds(3);
        return poll.compareTo(MOST_PATIENCE) > 0 ? MOST_PATIENCE : poll;
    }

    private void repair(Settings settings, Map<SourceSettings, List<SplitComparison>> compared)
            throws InterruptedException {
        for (Map.Entry<SourceSettings, List<SplitComparison>> entry : compared.entrySet()) {
            List<SplitComparison> broken = new ArrayList<>(entry.getValue());
            broken.removeIf(split -> split.differences().isEmpty());
            if (!broken.isEmpty()) {
                new Repair(settings, entry.getKey(), spec.commandLine().getErr()).of(broken, Instant.now());
            }
        }
    }
}
