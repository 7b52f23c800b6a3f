package io.usagestream.ingest;

import io.usagestream.dedup.Sweep;
import io.usagestream.dedup.VerifiedSlice;
import io.usagestream.stream.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a window came to that was read to its end. */
public sealed interface Complete {
    /** When the read began, in upstream's time. */
    Instant began();

    /** How many rows it showed, understood or not. */
    int rows();

    /** Whether it is all of what was asked for. */
    default boolean whole() {
        return true;
    }

    /** A window of buckets. */
    record Buckets(Sweep sweep) implements Complete {
        @Override
        public Instant began() {
            return sweep.began();
        }

        @Override
        public int rows() {
            return sweep.loose().size()
                    + sweep.buckets().stream()
                            .mapToInt(bucket ->
                                    bucket.rows().size() + bucket.quarantined().size())
                            .sum();
        }
    }

    /**
     * A slice of an offset log, or several; fewer than asked for when one after them held more than a page.
     *
     * @param overflow over what time the rows of that page are spread
     */
    record Slice(VerifiedSlice slice, Optional<Duration> overflow) implements Complete {
        @Override
        public Instant began() {
            return slice.began();
        }

        @Override
        public int rows() {
            return slice.events().size() + slice.quarantined().size();
        }

        @Override
        public boolean whole() {
            return overflow.isEmpty();
        }
    }

    /**
     * A slice that holds more than a page: shorter ones are to be read.
     *
     * @param shown the time over which the page's rows are spread
     */
    record Halve(Instant began, Duration shown) implements Complete {
        @Override
        public int rows() {
            return 0;
        }

        @Override
        public boolean whole() {
            return false;
        }
    }

    /** What ids mean. */
    record Entities(Page.Entities page, Instant began) implements Complete {
        @Override
        public int rows() {
            return page.entities().size() + page.quarantined().size();
        }
    }
}
