package io.usagestream.cli;

import io.usagestream.config.Settings;
import io.usagestream.query.SplitComparison;
import io.usagestream.sink.kafka.WorkOrders;
import io.usagestream.source.SourceSettings;
import io.usagestream.stream.Window;
import io.usagestream.stream.Work;
import io.usagestream.stream.WorkStatus;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Asks the owner of a source to read what differs again, and waits until it has: only owners publish. */
final class Repair {
    private static final Duration NEWS = Duration.ofMillis(500);

    private final Settings settings;
    private final SourceSettings source;
    private final PrintWriter err;

    Repair(Settings settings, SourceSettings source, PrintWriter err) {
        this.settings = settings;
        this.source = source;
        this.err = err;
    }

    void of(List<SplitComparison> broken, Instant now) throws InterruptedException {
        try (Alone alone = Alone.unlessOwned(settings, source);
                WorkOrders orders = new WorkOrders(KafkaParts.kafka(settings));
                Obstacles obstacles = new Obstacles(settings, err, alone, Instant.now())) {
            Map<String, String> open = new LinkedHashMap<>();
            List<String> refused = new ArrayList<>();
            for (SplitComparison split : broken) {
                Window window = split.window().orElseThrow();
                String stream = split.split().stream();
                String id = "repair-" + source.name() + "-" + stream + "-" + now.toEpochMilli();
                orders.order(new Work(id, Work.Kind.REPAIR, source.name(), Optional.of(stream), window, Set.of()), now);
                open.put(id, split.split().name());
            }
            orders.forgetWhatIsOver(ConfiguredSources.splits(settings), now);
            err.println("Asked the owner of " + source.name() + " to repair "
                    + String.join(", ", open.values())
                    + (alone.isOwner() ? "; no service is running, so it is done here" : "") + " …");
            err.flush();
            while (!open.isEmpty()) {
                open.entrySet().removeIf(order -> isDone(orders, order.getKey(), order.getValue(), refused));
                obstacles.look(open.values(), Instant.now());
            }
            if (!refused.isEmpty()) {
                throw new CommandException(ExitStatus.FAILED, "given up: " + String.join(", ", refused));
            }
            err.println("Done: what differed is published.");
            err.flush();
        }
    }

    private static boolean isDone(WorkOrders orders, String id, String split, List<String> refused) {
        Optional<WorkStatus> status =
                Optional.ofNullable(orders.statuses(id, NEWS).get(split)).filter(WorkStatus::finished);
        status.flatMap(WorkStatus::reason).ifPresent(reason -> refused.add(split + ": " + reason.word()));
        return status.isPresent();
    }
}
