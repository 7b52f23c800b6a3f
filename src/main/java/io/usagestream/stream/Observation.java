package io.usagestream.stream;

/** One row or event as one sweep showed it. */
public sealed interface Observation permits Point, Event, Entity {}
