package io.usagestream.config;

import io.usagestream.config.Settings.Rescan;
import io.usagestream.source.Provider;
import io.usagestream.source.Secret;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.SourceSettings.UserIds;
import io.usagestream.source.StreamSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads {@code sources}: upstream accounts.
 *
 * @param proxies the ways out
 * @param needed whether it is a mistake to name none
 */
record SourceReader(List<Provider> providers, SecretReader secrets, ProxyReader proxies, Instant now, boolean needed) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
    private static final long DEFAULT_BODY = 16L << 20;

    List<SourceSettings> read(Section root, Rescan rescan) {
        List<Section> sections = root.sections("sources");
        if (sections.isEmpty() && needed) {
            root.problem("sources", "is missing: at least one source to read");
        }
        List<SourceSettings> sources = new ArrayList<>();
        Map<String, String> places = new HashMap<>();
        for (Section section : sections) {
            Optional<String> name = name(section);
            name.map(n -> places.putIfAbsent(n, section.place("name")))
                    .ifPresent(first -> section.problem(
                            "name", "\"" + name.orElse("") + "\" is taken by " + first + ": names are unique"));
            Optional<Provider> provider = provider(section);
            if (provider.isPresent()) { // without it nothing else can be judged
                source(section, name.orElse("unnamed"), provider.get(), rescan).ifPresent(sources::add);
            }
        }
        return sources;
    }

    private Optional<SourceSettings> source(Section section, String name, Provider provider, Rescan rescan) {
        Map<String, Secret> credentials = new LinkedHashMap<>();
        for (String credential : provider.credentials().keySet()) {
            secrets.required(section, credential).ifPresent(secret -> credentials.put(credential, secret));
        }
        Optional<URI> baseUrl = baseUrl(section, provider);
        UserIds userIds = userIds(section);
        Set<String> own = provider.accountSettings();
        Optional<String> path = own.contains("path") ? StreamReader.path(section) : Optional.empty();
        Filters filters = new Filters(
                own.contains("project-ids") ? section.texts("project-ids").orElse(List.of()) : List.of(),
                own.contains("user-ids") ? section.texts("user-ids").orElse(List.of()) : List.of(),
                own.contains("team-id") ? section.text("team-id").filter(t -> !t.isBlank()) : Optional.empty());
        long maxBody = section.size("max-body", DEFAULT_BODY, 64L << 10, 1L << 30, "from 64KiB to 1GiB");
        int perMinute = section.number("requests-per-minute", 60, 1, 100_000);
        SourceCadence cadence = SourceCadence.read(section, provider, now);
        cadence.lookback()
                .filter(lookback -> lookback.compareTo(rescan.horizon()) > 0)
                .ifPresent(lookback -> section.problem("lookback", rescan.beyond("rescan.horizon", lookback)));
        List<StreamSettings> streams = baseUrl.map(url ->
                        new StreamReader(provider, name, url, path, filters, userIds, cadence, rescan).read(section))
                .orElse(List.of());
        section.end();
        return baseUrl.map(url -> new SourceSettings(
                name,
                provider.name(),
                url,
                loopback(url) ? Optional.empty() : proxies.to(url),
                path.orElse(""),
                Map.copyOf(credentials),
                filters.projectIds(),
                filters.userIds(),
                filters.teamId(),
                userIds,
                maxBody,
                perMinute,
                streams));
    }

    private static Optional<String> name(Section section) {
        if (!section.has("name")) {
            section.problem("name", "is missing: it is part of every key, so choose one that stays");
            return Optional.empty();
        }
        return section.parsed(
                "name",
                text -> Optional.of(text).filter(NAME.asMatchPredicate()),
                "a source's name: a-z, 0-9 and hyphens, not a hyphen first");
    }

    private Optional<Provider> provider(Section section) {
        Map<String, Provider> byName =
                providers.stream().collect(Collectors.toMap(Provider::name, provider -> provider));
        if (!section.has("provider")) {
            String meant = Suggestion.nearest("provider", section.keys())
                    .map(key -> "; \"" + key + "\" is not a setting")
                    .orElse("");
            section.problem("provider", "is missing: one of " + Section.list(byName.keySet()) + meant);
            return Optional.empty();
        }
        Optional<String> text = section.text("provider");
        Optional<Provider> provider = text.map(byName::get);
        if (text.isPresent() && provider.isEmpty()) {
            section.problem(
                    "provider",
                    "\"" + text.get() + "\" is not one of " + Section.list(byName.keySet())
                            + Suggestion.of(text.get(), byName.keySet()));
        }
        return provider;
    }

    /** Without a slash at its end: paths begin with one. */
    private static Optional<URI> baseUrl(Section section, Provider provider) {
        boolean insecure = section.flag("allow-insecure", false);
        Optional<URI> url = section.has("base-url")
                ? section.parsed("base-url", SourceReader::url, "a URL such as " + provider.defaultBaseUrl())
                : url(provider.defaultBaseUrl());
        if (url.isPresent() && url.get().getUserInfo() != null) {
            section.problem("base-url", "holds a user or a password: credentials have settings of their own");
            return Optional.empty();
        }
        if (url.isPresent() && url.get().getScheme().equals("http") && !insecure && !loopback(url.get())) {
            section.problem(
                    "base-url",
                    "http:// would send the credentials in the clear to "
                            + url.get().getHost() + ": use https://, or set allow-insecure: true on this source");
            return Optional.empty();
        }
        return url;
    }

    private static Optional<URI> url(String text) {
        try {
            URI url = new URI(text.strip().replaceAll("/+$", ""));
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            boolean plain = url.getHost() != null && url.getQuery() == null && url.getFragment() == null;
            return http && plain ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static boolean loopback(URI url) {
        return LOOPBACK.contains(url.getHost()) || url.getHost().matches("127(\\.\\d{1,3}){3}");
    }

    private UserIds userIds(Section section) {
        String mode = section.choice("user-id", Map.of("keep", "keep", "hash", "hash", "drop", "drop"), "keep");
        Optional<Secret> key = secrets.file(section, "user-id-key-file");
        if (mode.equals("hash") && !section.has("user-id-key-file")) {
            section.problem("user-id-key-file", "is missing: user-id: hash needs a key");
        }
        if (!mode.equals("hash") && section.has("user-id-key-file")) {
            section.problem("user-id-key-file", "is set, but user-id is " + mode + ": it is used with hash only");
        }
        return switch (mode) {
            case "hash" -> key.<UserIds>map(UserIds.Hash::new).orElseGet(UserIds.Drop::new);
            case "drop" -> new UserIds.Drop();
            default -> new UserIds.Keep();
        };
    }
}
