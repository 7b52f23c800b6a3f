package io.usagestream.dev;

import io.usagestream.cli.CommandSet;
import io.usagestream.dev.consumers.anomaly.AnomaliesCommand;
import io.usagestream.dev.consumers.ledger.LedgerCommand;
import io.usagestream.dev.demo.DemoCommand;
import java.util.List;

/** The commands that are for development and never in the image. */
public final class DevelopmentCommands implements CommandSet {
    @Override
    public List<Object> commands() {
        return List.of(
                new DemoCommand(),
                new UpstreamCommand(),
                new BrokerCommand(),
                new LedgerCommand(),
                new AnomaliesCommand());
    }
}
