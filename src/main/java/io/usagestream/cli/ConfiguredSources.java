package io.usagestream.cli;

import io.usagestream.config.Settings;
import io.usagestream.source.SourceSettings;
import java.util.stream.Collectors;

/** Sources by the names that a user gives. */
final class ConfiguredSources {
    private ConfiguredSources() {}

    /** @throws CommandException if there is none of that name; says which there are */
    static SourceSettings named(Settings settings, String name) {
        return settings.sources().stream()
                .filter(source -> source.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new CommandException(
                        ExitStatus.CONFIGURATION,
                        "--source: '" + name + "' is not configured; there are "
                                + settings.sources().stream()
                                        .map(SourceSettings::name)
                                        .collect(Collectors.joining(", "))));
    }
}
