package io.usagestream.documents;

import io.usagestream.envelope.RecordType;

/** What a topic's key is and what its records do, in the words of the contract. */
final class Keys {
    private Keys() {}

    static String key(RecordType type) {
        return switch (type) {
            case PROGRESS -> "split";
            case PERIOD -> "split/day";
            default -> "id";
        };
    }

    /** The CloudEvents id of a record. */
    static String eventId(RecordType type) {
        return switch (type) {
            case POINT, ACTIVITY, PERIOD -> "<key>#<revision>";
            default -> "<key>#<observed_at in milliseconds>";
        };
    }

    /** The CloudEvents time of a record. */
    static String eventTime(RecordType type) {
        return switch (type) {
            case POINT -> "bucket_start";
            case ACTIVITY -> "time";
            case PERIOD -> "the end of the day";
            default -> "observed_at";
        };
    }
}
