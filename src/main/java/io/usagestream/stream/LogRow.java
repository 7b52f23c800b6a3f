package io.usagestream.stream;

/** One row of an offset log's page, in upstream's order: understood, or not. */
public sealed interface LogRow permits Event, Quarantined {}
