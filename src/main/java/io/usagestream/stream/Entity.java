package io.usagestream.stream;

import java.util.Optional;
import java.util.SortedMap;

/** What an id means: a model, collection, asset, job or user, with only the fields that were asked for by name. */
public record Entity(String kind, String id, Optional<String> name, SortedMap<String, String> attributes)
        implements Observation {}
