package io.usagestream.source.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.usagestream.source.Clocks;
import io.usagestream.source.Drift;
import io.usagestream.source.Failure;
import io.usagestream.source.UpstreamException;
import io.usagestream.source.UserNames;
import io.usagestream.source.http.ErrorInstead;
import io.usagestream.source.json.Bad;
import io.usagestream.source.json.Json;
import io.usagestream.source.json.Member;
import io.usagestream.source.json.Quarantine;
import io.usagestream.source.json.Redaction;
import io.usagestream.source.json.Rows;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Page;
import io.usagestream.stream.Point;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads pages of one stream: a page that is one, or an {@link UpstreamException} that says why it is not. */
final class PageDecoder {
    /** Characters that a cursor may have. */
    static final int MAX_CURSOR = 4 * 1024;

    private final Endpoint endpoint;
    private final Fields fields;
    private final List<String> groupBy;
    private final Grain width;
    private final UserNames users;
    private final Redaction redaction;
    private final Drift drift;

    PageDecoder(
            Endpoint endpoint, List<String> groupBy, Grain width, UserNames users, Redaction redaction, Drift drift) {
        this.endpoint = endpoint;
        this.fields = new Fields(endpoint, groupBy);
        this.groupBy = groupBy;
        this.width = width;
        this.users = users;
        this.redaction = redaction;
        this.drift = drift;
    }

    /**
     * Reads a whole body.
     *
     * @param date upstream's clock
     * @param now ours
     * @throws ErrorInstead when it is an error that came with status 200
     */
    Page.Buckets read(byte[] body, Window window, Optional<Instant> date, Instant now) throws ErrorInstead {
        try (JsonParser parser = Json.parser(body)) {
            return new Reading(parser, body, window, date, now).page();
        } catch (IOException e) {
            // what the parser says may quote upstream
            throw refused(Reason.MALFORMED_JSON, "the answer is not JSON, or not within its limits");
        }
    }

    private static UpstreamException refused(Reason reason, String message) {
        return new UpstreamException(new Failure.Malformed(reason, message));
    }

    private final class Reading {
        private final JsonParser parser;
        private final byte[] body;
        private final BucketReader buckets;
        private final Quarantine quarantine;
        private final Optional<Instant> date;
        private final Set<String> names = new HashSet<>();
        private final List<Bucket> good = new ArrayList<>();
        private final List<Quarantined> loose = new ArrayList<>();
        private boolean data;
        private Optional<Boolean> more = Optional.empty();
        private Optional<String> cursor = Optional.empty();

        Reading(JsonParser parser, byte[] body, Window window, Optional<Instant> date, Instant now) {
            this.parser = parser;
            this.body = body;
            this.date = date;
            this.quarantine = new Quarantine(body, redaction, users.plain());
            ResultReader results = new ResultReader(parser, endpoint, fields, groupBy, users, drift);
            Clocks clocks = Clocks.of(date, now);
            this.buckets = new BucketReader(parser, body, results, quarantine, window, width, clocks);
        }

        Page.Buckets page() throws IOException, ErrorInstead {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw refused(Reason.MALFORMED_JSON, "the answer is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (!names.add(name)) {
                    throw refused(Reason.MALFORMED_PAGE, "a field of the page stands twice");
                }
                member(name, parser.nextToken());
            }
            if (parser.nextToken() != null) {
                throw refused(Reason.MALFORMED_JSON, "something follows the page");
            }
            if (names.isEmpty()) {
                throw refused(Reason.MALFORMED_JSON, "the answer is empty");
            }
            if (!data) {
                throw refused(Reason.MALFORMED_PAGE, "the page has no data");
            }
            if (more.isEmpty()) {
                throw refused(Reason.MALFORMED_PAGE, "the page does not say whether there is more");
            }
            if (!more.get() && cursor.filter(c -> !c.isEmpty()).isPresent()) {
                drift.saw(endpoint.type().name(), Reason.CURSOR_EXTRA.word());
            }
            return new Page.Buckets(date, width, good, loose, more.get(), cursor, groupingIgnored());
        }

        private void member(String name, JsonToken token) throws IOException, ErrorInstead {
            switch (name) {
                case "data" -> data(token);
                case "has_more" -> {
                    if (!token.isBoolean()) {
                        throw refused(Reason.MALFORMED_PAGE, "has_more is neither true nor false");
                    }
                    more = Optional.of(token == JsonToken.VALUE_TRUE);
                }
                case "next_page" -> next(token);
                case "error" -> {
                    if (token != JsonToken.VALUE_NULL) {
                        throw new ErrorInstead();
                    }
                }
                case "object" -> parser.skipChildren();
                default -> {
                    drift.saw(endpoint.type().name(), name);
                    parser.skipChildren();
                }
            }
        }

        private void next(JsonToken token) throws IOException {
            if (token == JsonToken.VALUE_NULL) {
                return;
            }
            if (token != JsonToken.VALUE_STRING) {
                throw refused(Reason.MALFORMED_PAGE, "next_page is not text");
            }
            if (parser.getTextLength() > MAX_CURSOR) {
                throw refused(Reason.MALFORMED_PAGE, "next_page is longer than " + MAX_CURSOR + " characters");
            }
            cursor = Optional.of(parser.getText());
        }

        private void data(JsonToken token) throws IOException {
            if (token != JsonToken.START_ARRAY) {
                throw refused(Reason.MALFORMED_PAGE, "data is not a list");
            }
            data = true;
            Rows rows = new Rows(parser);
            for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                String pointer = "/data/" + i;
                rows.read(from -> buckets.read(pointer), bad -> loose.add(quarantine.of(bad, pointer, start(bad))))
                        .ifPresent(good::add);
            }
        }

        /** Where a bucket begins that could not be read, or is not one that was asked for. */
        private Optional<Instant> start(Bad bad) {
            return Member.of(body, bad, "start_time").flatMap(BucketReader::seconds);
        }

        /** Whether a dimension that was asked for is null in every row. */
        private boolean groupingIgnored() {
            Set<String> silent = new HashSet<>(groupBy);
            boolean any = false;
            for (Bucket bucket : good) {
                for (Point point : bucket.rows()) {
                    any = true;
                    if (silent.isEmpty()) {
                        return false;
                    }
                    silent.removeIf(name -> point.dimensions()
                            .getOrDefault(name, Optional.empty())
                            .isPresent());
                }
            }
            return any && !silent.isEmpty();
        }
    }
}
