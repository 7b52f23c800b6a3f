package io.usagestream.cli;

import io.usagestream.config.Settings;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.kafka.WorkOrders;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.StreamSettings;
import io.usagestream.stream.Window;
import io.usagestream.stream.Work;
import io.usagestream.stream.WorkStatus;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reads older history into the same topics. */
@Command(
        name = "backfill",
        description = {
            "Reads older history of a source into the same topics: whole UTC days, below live work and within the source's budget.",
            "Beside a running service its owner of the source does the work, and goes on after Ctrl-C; without one it is done"
                    + " here. The same command again goes on watching, or goes on where it stopped; what is published already"
                    + " is not published twice."
        },
        footerHeading = "%nExample:%n",
        footer = "  usagestream backfill --config example.yaml --source acme --from 2026-08-01 --to 2026-11-01")
final class BackfillCommand implements Callable<Integer> {
    private static final Duration NEWS = Duration.ofMillis(500);
    private static final DateTimeFormatter COMPACT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--source", paramLabel = "NAME", required = true, description = "the source, as configured")
    private String name = "";

    @Mixin
    private RangeOptions range = new RangeOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        Window asked = range.window();
        Settings settings = config.read();
        SourceSettings source = ConfiguredSources.named(settings, name);
        Window days = new Window(
                Window.startOf(Window.dayOf(asked.from())),
                Window.startOf(Window.dayOf(asked.to().minusNanos(1)).plusDays(1)));
        String base = "backfill-" + name + "-" + COMPACT.format(days.from()) + "-" + COMPACT.format(days.to());
        try (Alone alone = Alone.unlessOwned(settings, source);
                WorkOrders orders = new WorkOrders(KafkaParts.kafka(settings));
                Obstacles obstacles = new Obstacles(settings, spec.commandLine().getErr(), alone, Instant.now())) {
            PrintWriter err = spec.commandLine().getErr();
            String id = notGivenUp(orders, base);
            boolean known = orders.find(id).isPresent();
            if (!known) {
                orders.order(new Work(id, Work.Kind.BACKFILL, name, Optional.empty(), days, Set.of()), Instant.now());
                orders.forgetWhatIsOver(ConfiguredSources.splits(settings), Instant.now());
            }
            err.println((known ? "Going on with " : "Asked for ") + days.from() + " to " + days.to() + " of " + name
                    + (alone.isOwner()
                            ? "; no service is running, so it is read here"
                            : "; the running service reads it, also without this command"));
            err.flush();
            Shutdown.onSignal(Duration.ofSeconds(20), () -> {
                alone.close();
                return ExitStatus.FAILED;
            });
            return follow(orders, obstacles, id, days, source, err);
        } catch (SinkException | KafkaException e) {
            throw KafkaTrouble.of(settings, e);
        }
    }

    /** What was given up is over for its owners: asked for again it is other work. */
    private static String notGivenUp(WorkOrders orders, String base) {
        String id = base;
        for (int n = 2; isGivenUp(orders.statuses(id, Duration.ZERO)); n++) {
            id = base + "-" + n;
        }
        return id;
    }

    private static boolean isGivenUp(Map<String, WorkStatus> statuses) {
        return statuses.values().stream().anyMatch(status -> status.reason().isPresent());
    }

    private int follow(
            WorkOrders orders, Obstacles obstacles, String id, Window days, SourceSettings source, PrintWriter err) {
        List<String> splits = source.streams().stream()
                .map(StreamSettings::split)
                .map(split -> split.name())
                .toList();
        long each = days.length().toDays();
        ProgressBar bar =
                new ProgressBar(err, Ansi.AUTO.enabled(), Instant.now(), each * splits.size(), "days of streams");
        while (true) {
            Map<String, WorkStatus> statuses = orders.statuses(id, NEWS);
            bar.show(
                    splits.stream()
                            .mapToLong(split -> done(statuses, split, days))
                            .sum(),
                    Instant.now());
            List<String> open =
                    splits.stream().filter(split -> !isOver(statuses, split)).toList();
            if (open.isEmpty()) {
                bar.end();
                return report(statuses, err);
            }
            obstacles.look(open, Instant.now());
        }
    }

    private static boolean isOver(Map<String, WorkStatus> statuses, String split) {
        WorkStatus status = statuses.get(split);
        return status != null && (status.finished() || status.reason().isPresent());
    }

    private static long done(Map<String, WorkStatus> statuses, String split, Window days) {
        WorkStatus status = statuses.get(split);
        if (status == null) {
            return 0;
        }
        Instant until = status.finished() && status.reason().isEmpty() ? days.to() : status.doneUntil();
        return Math.max(0, Duration.between(days.from(), until).toDays());
    }

    private static int report(Map<String, WorkStatus> statuses, PrintWriter err) {
        Set<String> refused = new TreeSet<>();
        statuses.forEach((split, status) -> status.reason()
                .ifPresent(reason -> refused.add(split + " at " + status.doneUntil() + ": " + reason.word()
                        + " (the log of its owner has what upstream said)")));
        refused.forEach(line -> err.println("usagestream: given up: " + line));
        if (refused.isEmpty()) {
            err.println("Done: every stream was read and published.");
        }
        err.flush();
        return refused.isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
    }
}
