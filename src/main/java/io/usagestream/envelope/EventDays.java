package io.usagestream.envelope;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.LocalDate;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** A range of UTC days, told from records' headers alone: a pass over a topic decodes only what may lie in it. */
public final class EventDays {
    /** Of a date in ISO 8601, with which a time in it begins. */
    private static final int LENGTH = 10;

    /** No record is of a later one; the text of a year with five digits has another form, which comes before all others. */
    private static final LocalDate LAST = LocalDate.of(9_999, 12, 31);

    private final byte[] first;
    private final byte[] last;

    /** @param last included */
    public EventDays(LocalDate first, LocalDate last) {
        this.first = first.toString().getBytes(US_ASCII);
        this.last = (last.isAfter(LAST) ? LAST : last).toString().getBytes(US_ASCII);
    }

    /** Whether a record's event time may lie on one of the days; of one that names none that is not known. */
    public boolean mayHold(Headers headers) {
        Header time = headers.lastHeader(CloudEvents.TIME);
        return time == null
                || time.value().length < LENGTH
                || (compare(time.value(), first) >= 0 && compare(time.value(), last) <= 0);
    }

    private static int compare(byte[] time, byte[] day) {
        for (int i = 0; i < LENGTH; i++) {
            int difference = time[i] - day[i];
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }
}
