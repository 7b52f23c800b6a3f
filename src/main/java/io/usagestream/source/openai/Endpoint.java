package io.usagestream.source.openai;

import io.usagestream.source.StreamType;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of one endpoint beyond its stream.
 *
 * @param object what every result calls itself; empty for a configured path, where any result of an organization will do
 * @param required the numbers that every result carries
 * @param documented further numbers that the description knows
 */
record Endpoint(StreamType type, Optional<String> object, Set<String> required, Set<String> documented) {
    /** The same for another stream. */
    Endpoint of(StreamType other) {
        return new Endpoint(other, object, required, documented);
    }

    /** Whether its results are money. */
    boolean money() {
        return object.filter(Catalogue.COSTS_OBJECT::equals).isPresent();
    }
}
