package io.usagestream.dev.consumers.ledger;

import io.usagestream.cli.CommandException;
import io.usagestream.cli.ExitStatus;
import io.usagestream.cli.Shutdown;
import io.usagestream.dev.consumers.FeedOptions;
import io.usagestream.dev.consumers.TopicFeed;
import io.usagestream.envelope.RecordType;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The billing ledger, run on topics. */
@Command(
        name = "ledger",
        description = {
            "A reference consumer: a billing ledger. Posts every day when it is final and its rows are verified, and corrections"
                    + " of days that upstream restated.",
            "Follows the topics until interrupted; with --once it reads what is there, prints the totals and ends:"
                    + " exit status 0 when every final day is verified, else 1. A day whose records retention has removed, as that of"
                    + " activity does after 90 days, cannot be verified any more."
        },
        footerHeading = "%nExample, beside a running demo:%n",
        footer = "  usagestream ledger --bootstrap-servers 127.0.0.1:9092 --once")
public final class LedgerCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final String LINE = "%-10s  %-30s  %-20s  %-28s  %28s  %s%n";

    @Mixin
    private FeedOptions feed = new FeedOptions();

    @Option(names = "--once", description = "stop at the end of the topics")
    private boolean once;

    @Option(names = "--all", description = "print every measure, not only what is money or compute units")
    private boolean all;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Shutdown.onSignal(Duration.ofSeconds(2), () -> ExitStatus.OK);
        PrintWriter out = spec.commandLine().getOut();
        BillingLedger ledger = new BillingLedger();
        // Periods last: a day that is closed by them has most of its rows already.
        try (TopicFeed topics = feed.open(List.of(RecordType.POINT, RecordType.ACTIVITY, RecordType.PERIOD))) {
            out.printf(LINE, "DAY", "STREAM", "PROJECT", "MEASURE", "AMOUNT", once ? "STATE" : "POSTED");
            while (!(once && topics.caughtUp())) {
                topics.poll(POLL).forEach(ledger::add);
                if (!once && topics.caughtUp()) {
                    ledger.post().stream()
                            .filter(posting -> isWanted(posting.sum()))
                            .forEach(posting -> print(out, posting));
                    out.flush();
                }
            }
        }
        ledger.totals().stream().filter(total -> isWanted(total.sum())).forEach(total -> print(out, total));
        List<BillingLedger.Day> wrong = ledger.unverified();
        out.printf(
                "%n%d final days verified: rows, sums and digest are as the service says; %d not%n",
                ledger.verified(), wrong.size());
        out.flush();
        if (!ledger.disagreeing().isEmpty()) {
            throw new CommandException(
                    ExitStatus.FAILED, "deltas do not add up to the values of " + ledger.disagreeing());
        }
        return wrong.isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private boolean isWanted(String sum) {
        return all || sum.startsWith("amount/") || sum.endsWith("/cu");
    }

    private static void print(PrintWriter out, BillingLedger.Posting posting) {
        String what = posting.correction() == 0 ? "bill" : "correction " + posting.correction();
        print(out, posting.day(), posting.project(), posting.sum(), Entry.plain(posting.amount()), what);
    }

    private static void print(PrintWriter out, BillingLedger.Total total) {
        print(out, total.day(), total.project(), total.sum(), Entry.plain(total.amount()), total.state());
    }

    private static void print(
            PrintWriter out, BillingLedger.Day day, String project, String sum, String amount, String last) {
        out.printf(LINE, day.date(), day.split(), project.isEmpty() ? "-" : project, sum, amount, last);
    }
}
