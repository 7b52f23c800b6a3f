package io.usagestream.source.json;

import io.usagestream.stream.Reason;

/**
 * A row that could not be read, and which bytes of the response it is.
 *
 * @param field where in the row, as a relative JSON pointer
 */
public record Bad(Reason reason, String field, String detail, int from, int to) {}
