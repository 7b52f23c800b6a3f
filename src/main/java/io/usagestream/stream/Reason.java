package io.usagestream.stream;

import java.util.Locale;

/**
 * Why something was refused, delayed or set aside: the closed list. A reason is a metric label, a log field and a word in the console;
 * the data dictionary says to people what each means.
 */
public enum Reason {
    AUTH_REJECTED(
            "Upstream (401), the proxy (407), the brokers or the schema registry refuse the credentials.",
            "Replace them: a key file is read again by itself, what comes from the environment needs a restart."),
    FORBIDDEN(
            "The credentials are known, but may not do this: upstream (403), the brokers or the schema registry.",
            "Grant the permission that the message names; OpenAI wants an admin key with `api.usage.read`."),
    NOT_FOUND(
            "Upstream has no such path for this account (404), or the schema registry no such schema.",
            "Leave the stream out of `streams`, or mend its `path` or the source's `base-url`; it is asked again once an hour."
                    + " Register the schema, or let `schema-registry.auto-register` do it."),
    BAD_REQUEST(
            "Upstream (400, 422), the brokers or the schema registry find the request itself wrong.",
            "Mend the setting that the message names."),
    TIMEOUT_STATUS(
            "Upstream answered 408 or 425.",
            "Nothing: it is asked again. If it lasts, look at the provider's status page."),
    CONFLICT(
            "Upstream answered 409, or the schema registry finds a schema incompatible with one that it has.",
            "Upstream: nothing, it is asked again. Registry: set the subject's compatibility to what the message asks for."),
    RATE_LIMITED(
            "Upstream asks the account to slow down (429).",
            "Lower `requests-per-minute` or the number of streams, or wait: the whole source does by itself."),
    QUOTA("Upstream says that a quota is used up (429).", "Raise it at the provider, or wait."),
    SERVER_ERROR("Upstream answered 5xx.", "Look at the provider's status page; it is asked again."),
    CONNECT(
            "No connection to upstream, or it broke before an answer.",
            "Look at the way there: network policy, firewall, proxy, `base-url`."),
    DNS("The host name of `base-url`, or of the proxy, cannot be resolved.", "Mend it, or the name service."),
    TLS(
            "The certificate of upstream or of the brokers cannot be verified, or no TLS connection can be made.",
            "Compare host name, certificate and what is trusted; somebody may stand between."),
    TRUNCATED_BODY("Upstream's answer broke off, or its compression is corrupt.", "Nothing: it is asked again."),
    TIMEOUT(
            "Upstream's answer did not come, or not to its end, in time; or what a topic holds of old days could not be read.",
            "Nothing: it is asked again. If it lasts, see the message."),
    MALFORMED_JSON(
            "Upstream's answer is not JSON, or not within the limits for it.",
            "See whether a proxy answers. Else compare with the provider's changelog and raise an issue."),
    ERROR_BODY("Upstream answered 200 with an error in it.", "See the message."),
    UNEXPECTED_CONTENT_TYPE(
            "Upstream's answer is not JSON by its header, or in an encoding that was not asked for.",
            "Somebody else seems to answer, such as a proxy: look at `base-url`."),
    BODY_TOO_LARGE(
            "Upstream's answer is larger than `max-body`, though the least was asked for, or upstream says so (413).",
            "Raise `max-body`."),
    UNEXPECTED_STATUS("Upstream answered with a status that has no meaning here.", "See the message."),
    REDIRECT_REFUSED(
            "Upstream answered 3xx. Redirects are not followed: they would take the credentials along.",
            "Set `base-url` to where upstream is, if it moved."),
    INCONSISTENT_PAGES("One bucket differs between two pages of one window.", "Nothing: the window is read again."),
    CURSOR_LOOP("A page's cursor leads back to an earlier page.", "If it lasts, raise an issue."),
    CURSOR_MISSING("Upstream says that there is more, but not where.", "If it lasts, raise an issue."),
    CURSOR_EXTRA("The last page has a cursor; it is not followed. Only counted.", "Nothing."),
    MALFORMED_PAGE(
            "Upstream's answer is JSON, but not a page of this stream.",
            "Compare with the provider's changelog and raise an issue."),
    EMPTY_PAGE_LIMIT("Too many pages without a bucket came one after the other.", "If it lasts, raise an issue."),
    PAGE_LIMIT("A window has more pages than it can need.", "If it lasts, raise an issue."),
    BUCKET_OUT_OF_WINDOW("A bucket lies outside of the window that was asked for.", "If it lasts, raise an issue."),
    BUCKET_MISALIGNED("A bucket does not begin where one of its width can.", "If it lasts, raise an issue."),
    GAP(
            "Buckets of a closed time are missing between others. Only logged.",
            "Nothing: what comes later is read and published."),
    CLOCK_SKEW(
            "Upstream's clock and ours are apart by more than is tolerated, or one of them stepped during a read.",
            "Look at this machine's time synchronisation."),
    TIME_OUT_OF_RANGE(
            "A time is in the future, not plausible, or not in the unit that is known.",
            "If it lasts, raise an issue."),
    RESTATED_BULK("Upstream rewrote a large share of a closed window. Only logged.", "Ask the provider."),
    UNKNOWN_OBJECT("A row is of a kind that this stream does not have.", "Upgrade, or raise an issue."),
    UNKNOWN_FIELD("A row has a field that is not known. Only logged, once a name.", "Upgrade, or raise an issue."),
    MISSING_FIELD("A row lacks a field that it needs, or has it in another type.", "Upgrade, or raise an issue."),
    BAD_NUMBER("A number cannot be read, or has an absurd number of digits.", "Upgrade, or raise an issue."),
    NEGATIVE_COUNT("A count is below zero.", "Ask the provider."),
    OVERFLOW(
            "A count is above 2^63 - 1, a number has more than 20 digits before the point, a row has too many numbers, a unit more than 64"
                    + " characters, or a day more than 256 names and units of numbers.",
            "Ask the provider."),
    NOT_INTEGRAL("A count is not a whole number.", "Ask the provider."),
    BAD_CURRENCY("A currency is not three letters.", "Ask the provider."),
    DUPLICATE_KEY(
            "A field stands twice in an object, or two rows of one bucket have the same dimensions and different numbers: which"
                    + " one is right cannot be known.",
            "Ask the provider."),
    GROUPING_IGNORED(
            "Upstream does not group by what was asked for.",
            "The account does not offer the dimension: take it out of `group-by` (under a new source name)."),
    UNSTABLE_LISTING(
            "The list of events did not hold still in any of several readings.", "Nothing: the window is read again."),
    GRANULARITY_CHANGED(
            "Upstream answers with another width of buckets than the stream has.",
            "If upstream changed it for good, give the source a new name: keys hold the width."),
    SECTION_MISSING(
            "Upstream's answer lacks the part that is this stream.",
            "Compare with the provider's changelog; leave the stream out if the account has it no more."),
    LANES_CHANGED("`topics.lanes` is not the number of lanes that the state is kept in.", "Set `topics.lanes` back."),
    ID_TOO_LONG(
            "A record's id would be longer than 4 KiB.",
            "Leave a dimension out of `group-by` (under a new source name)."),
    SETTINGS_CHANGED(
            "A setting that makes keys was changed, or the state is in the format of another version.",
            "Set it back, or give the source a new name; run the version that wrote the state, or a newer one."),
    RECORD_TOO_LARGE(
            "A record is larger than Kafka or `max.request.size` takes.",
            "Raise `max.message.bytes` of the topic, and `kafka.max.request.size`."),
    EXPIRED(
            "The topic no longer holds all records of a day that is to be restated: what is missing would be published again.",
            "Leave those days out of the range: the last period and the records that are left hold."),
    STATE_LOST(
            "The state is gone, cannot be read, or belongs to another Kafka cluster; or a bug stopped the lane.",
            "Stop all instances and run `usagestream recover`. After a bug the log has its trace: raise an issue.");

    private final String word = name().toLowerCase(Locale.ROOT);
    private final String meaning;
    private final String remedy;

    Reason(String meaning, String remedy) {
        this.meaning = meaning;
        this.remedy = remedy;
    }

    /** The reason as users see it: {@code rate_limited}. */
    public String word() {
        return word;
    }

    /** What happened, in sentences for a person; Markdown. */
    public String meaning() {
        return meaning;
    }

    /** What a person does about it, in sentences; Markdown. */
    public String remedy() {
        return remedy;
    }
}
