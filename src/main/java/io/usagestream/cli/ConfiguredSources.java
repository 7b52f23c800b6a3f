package io.usagestream.cli;

import io.usagestream.config.Settings;
import io.usagestream.source.SourceSettings;
import io.usagestream.stream.Split;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Sources by the names that a user gives. */
final class ConfiguredSources {
    private ConfiguredSources() {}

    /** The splits of a source by its name; none of one that is not configured. */
    static Function<String, Collection<Split>> splits(Settings settings) {
        Map<String, List<Split>> byName =
                settings.sources().stream().collect(Collectors.toMap(SourceSettings::name, SourceSettings::splits));
        return name -> byName.getOrDefault(name, List.of());
    }

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
