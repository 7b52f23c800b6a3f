package io.usagestream.dev.consumers.anomaly;

import io.usagestream.cli.ExitStatus;
import io.usagestream.cli.Shutdown;
import io.usagestream.dev.consumers.FeedOptions;
import io.usagestream.dev.consumers.TopicFeed;
import io.usagestream.envelope.RecordType;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Publication.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The anomaly detector, run on topics. */
@Command(
        name = "anomalies",
        description = {
            "A reference consumer: an anomaly detector. Prints a line when a series has more than three times what it usually has"
                    + " at most; corrections of the past raise no alarm.",
            "Follows the points until interrupted."
        },
        footerHeading = "%nExample, beside a running demo:%n",
        footer = "  usagestream anomalies --bootstrap-servers 127.0.0.1:9092")
public final class AnomaliesCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(500);

    @Mixin
    private FeedOptions feed = new FeedOptions();

    @Option(names = "--once", description = "stop at the end of the topic")
    private boolean once;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Shutdown.onSignal(Duration.ofSeconds(2), () -> ExitStatus.OK);
        PrintWriter out = spec.commandLine().getOut();
        SpikeDetector detector = new SpikeDetector();
        try (TopicFeed topics = feed.open(List.of(RecordType.POINT, RecordType.PROGRESS))) {
            boolean caughtUp = false;
            while (!(once && caughtUp)) {
                topics.poll(POLL).forEach(publication -> take(publication, detector));
                caughtUp = topics.caughtUp();
                if (caughtUp) {
                    detector.alerts().forEach(alert -> print(out, alert));
                    out.flush();
                }
            }
        }
        return ExitStatus.OK;
    }

    private static void take(Publication publication, SpikeDetector detector) {
        if (publication instanceof PointRevision point) {
            detector.add(point);
        } else if (publication instanceof Progress progress) {
            detector.add(progress);
        }
    }

    private static void print(PrintWriter out, Alert alert) {
        out.printf(
                "spike  %s  %s  %s, usually at most %s%n",
                alert.bucket(),
                alert.series().replaceAll("\\p{Cntrl}", "?"),
                alert.value().toPlainString(),
                alert.usual().toPlainString());
    }
}
