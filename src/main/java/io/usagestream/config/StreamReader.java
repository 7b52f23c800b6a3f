package io.usagestream.config;

import io.usagestream.config.Settings.Rescan;
import io.usagestream.source.Provider;
import io.usagestream.source.SourceSettings.UserIds;
import io.usagestream.source.StreamSettings;
import io.usagestream.source.StreamType;
import io.usagestream.source.StreamType.Shape;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Split;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads {@code streams} of one source. */
record StreamReader(
        Provider provider,
        String source,
        URI baseUrl,
        Optional<String> sourcePath,
        Filters filters,
        UserIds userIds,
        SourceCadence cadence,
        Rescan rescan) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]*");
    private static final Pattern DIMENSION = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Pattern FIELD = Pattern.compile("[a-z]+\\.[A-Za-z][A-Za-z.]*");
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~%-]+)+");
    private static final String USER = "user_id";

    /** The enabled streams: those that are named, or the provider's usual ones. */
    List<StreamSettings> read(Section section) {
        if (!section.has("streams")) {
            Section nothing = section.section("streams");
            return provider.streams().stream()
                    .filter(StreamType::byDefault)
                    .map(type -> stream(nothing.section(type.name()), type, false))
                    .toList();
        }
        int before = section.problems();
        Section named = section.section("streams");
        List<StreamSettings> streams = new ArrayList<>();
        for (String name : named.keys()) {
            Section stream = named.section(name);
            Optional<StreamType> known = provider.streams().stream()
                    .filter(t -> t.name().equals(name))
                    .findFirst();
            Optional<StreamType> type = known.or(() -> custom(named, stream, name));
            boolean enabled = stream.flag("enabled", true);
            type.map(t -> stream(stream, t, known.isEmpty()))
                    .filter(s -> enabled)
                    .ifPresent(streams::add);
        }
        if (streams.isEmpty() && section.problems() == before) {
            section.problem("streams", "enables no stream");
        }
        return streams;
    }

    private Optional<StreamType> custom(Section named, Section stream, String name) {
        Optional<StreamType> type = NAME.matcher(name).matches()
                ? path(stream).flatMap(path -> provider.custom(name, path))
                : Optional.empty();
        if (type.isEmpty()) {
            Set<String> names =
                    provider.streams().stream().map(StreamType::name).collect(Collectors.toSet());
            named.problem(
                    name,
                    "is not a stream of " + provider.name() + Suggestion.of(name, names)
                            + (stream.has("path") ? "" : pathHint()));
        }
        return type;
    }

    private String pathHint() {
        return provider.custom("any", "/any").isPresent() ? ": a stream that is not known here needs a path" : "";
    }

    private StreamSettings stream(Section section, StreamType type, boolean custom) {
        Optional<String> path = path(section).or(this::sourcePath);
        StreamType chosen = type.at(path.orElse(type.path()));
        Grain width = width(section, type);
        List<String> groupBy = type.shape() == Shape.BUCKETS ? groupBy(section, type, custom) : List.of();
        List<String> fields = type.shape() == Shape.ENTITIES ? fields(section) : List.of();
        StreamSettings settings = new StreamSettings(
                new Split(provider.name(), source, type.name()),
                chosen,
                width,
                window(type, width),
                groupBy,
                fields,
                cadence.start(),
                section.duration("poll-interval", cadence.poll(), SourceCadence.SHORTEST_POLL),
                hot(type, width),
                cadence.sweep(),
                lookback(section, type),
                cadence.safetyLag(),
                cadence.publishZeroPoints(),
                rescan.daily(),
                rescan.weekly(),
                rescan.horizon(),
                fingerprint(chosen, width, groupBy));
        section.flag("enabled", true);
        section.end();
        return settings;
    }

    /**
     * The source's lookback is meant for ordinary streams: one that is known to settle later (costs) keeps its own, unless the
     * source's is longer still or the stream itself says otherwise. Else a bill would be called final too early.
     */
    private Duration lookback(Section section, StreamType type) {
        Duration usual = cadence.lookback().orElse(type.lookback());
        boolean slow =
                provider.streams().stream().anyMatch(other -> other.lookback().compareTo(type.lookback()) < 0);
        Duration fallback = slow && usual.compareTo(type.lookback()) < 0 ? type.lookback() : usual;
        Duration lookback = section.duration("lookback", fallback, SourceCadence.SHORTEST_LOOKBACK);
        boolean said = cadence.lookback().map(this::beyondHorizon).orElse(false);
        if (beyondHorizon(lookback) && !said) {
            section.problem("lookback", rescan.beyond("rescan.horizon", lookback));
        }
        return lookback;
    }

    private boolean beyondHorizon(Duration lookback) {
        return lookback.compareTo(rescan.horizon()) > 0;
    }

    private static Grain width(Section section, StreamType type) {
        if (type.shape() != Shape.BUCKETS) {
            return type.defaultWidth();
        }
        Map<String, Grain> widths =
                type.perPage().keySet().stream().collect(Collectors.toMap(Grain::toString, Function.identity()));
        return section.choice("bucket-width", widths, type.defaultWidth());
    }

    /** A poll that looks at one bucket only would never see it once more after it closed. */
    private Duration hot(StreamType type, Grain width) {
        Duration two = width.width().multipliedBy(2);
        return type.shape() == Shape.BUCKETS && cadence.hot().compareTo(two) < 0 ? two : cadence.hot();
    }

    /** What one page of buckets holds; series have the window that is configured. */
    private Duration window(StreamType type, Grain width) {
        return switch (type.shape()) {
            case BUCKETS -> width.width().multipliedBy(type.perPage(width).orElseThrow());
            case SERIES, ENTITIES -> cadence.window();
            case LOG -> Duration.ofDays(1);
        };
    }

    private List<String> groupBy(Section section, StreamType type, boolean custom) {
        boolean dropped = userIds instanceof UserIds.Drop;
        Optional<List<String>> named = section.texts("group-by");
        if (named.isEmpty()) {
            return type.dimensions().stream()
                    .filter(dimension -> !(dropped && dimension.equals(USER)))
                    .toList();
        }
        Set<String> allowed = new TreeSet<>(type.dimensions());
        allowed.addAll(type.optionalDimensions());
        for (String dimension : named.get()) {
            if (dropped && dimension.equals(USER)) {
                section.problem("group-by", "names user_id, but user-id is drop");
            } else if (custom ? !DIMENSION.matcher(dimension).matches() : !allowed.contains(dimension)) {
                section.problem(
                        "group-by",
                        "\"" + dimension + "\" is not a dimension of " + type.name() + ": "
                                + (custom ? "a-z, 0-9 and _" : "it has " + String.join(", ", allowed))
                                + Suggestion.of(dimension, allowed));
            }
        }
        return named.get();
    }

    private static List<String> fields(Section section) {
        List<String> fields = section.texts("fields").orElse(List.of());
        for (String field : fields) {
            if (!FIELD.matcher(field).matches()) {
                section.problem("fields", "\"" + field + "\" is not a field: write it as models.name or users.email");
            }
        }
        return fields;
    }

    /** A path below the base URL, if one is configured. */
    static Optional<String> path(Section section) {
        return section.parsed(
                "path",
                text -> Optional.of(text).filter(PATH.asMatchPredicate()).filter(path -> !path.contains("/..")),
                "a path such as /organization/usage/completions");
    }

    private SortedMap<String, String> fingerprint(StreamType type, Grain width, List<String> groupBy) {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("provider", provider.name());
        settings.put("base-url", baseUrl.toString());
        settings.put("path", type.path());
        if (type.shape() == Shape.BUCKETS) {
            settings.put("bucket-width", width.toString());
            settings.put("group-by", sorted(groupBy));
        }
        if (type.shape() == Shape.SERIES) {
            settings.put("window", Durations.text(cadence.window()));
        }
        settings.put("project-ids", sorted(filters.projectIds()));
        settings.put("user-ids", sorted(filters.userIds()));
        settings.put("team-id", filters.teamId().orElse(""));
        settings.put("user-id", userIds.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        return settings;
    }

    private static String sorted(List<String> words) {
        return words.stream().sorted().collect(Collectors.joining(","));
    }
}
