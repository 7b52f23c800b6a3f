package io.usagestream.dev.upstream;

import io.usagestream.dev.upstream.fault.Fault;
import io.usagestream.dev.upstream.fault.FaultPlan;
import io.usagestream.dev.upstream.http.Answer;
import io.usagestream.dev.upstream.http.Ask;
import io.usagestream.dev.upstream.http.Json;
import io.usagestream.dev.upstream.ledger.Ledger;
import java.util.Optional;
import java.util.Set;

/**
 * What a test that runs in another process asks of the simulation itself: {@code /_sim/freeze}, {@code /_sim/thaw},
 * {@code /_sim/faults?list=…} (replaces the faults; empty heals), {@code /_sim/spike} (in the first account) and
 * {@code /_sim/requests}.
 */
final class ControlApi {
    private static final String PREFIX = "/_sim/";

    private final Ledger ledger;
    private final FaultPlan faults;
    private final RequestCounts requests;

    ControlApi(Ledger ledger, FaultPlan faults, RequestCounts requests) {
        this.ledger = ledger;
        this.faults = faults;
        this.requests = requests;
    }

    static boolean owns(String path) {
        return path.startsWith(PREFIX);
    }

    Answer answer(Ask ask) {
        return switch (ask.path().substring(PREFIX.length())) {
            case "freeze" -> frozenAt(ledger.freeze().toEpochMilli());
            case "thaw" -> {
                ledger.thaw();
                yield Answer.json(200, "{}");
            }
            case "faults" -> faults(ask.one("list"));
            case "spike" -> {
                ledger.spike(1, ledger.now());
                yield Answer.json(200, "{}");
            }
            case "requests" -> counts();
            default -> Answer.json(404, "{}");
        };
    }

    private static Answer frozenAt(long millis) {
        return Answer.json(200, "{\"frozen_at_ms\":" + millis + "}");
    }

    private Answer faults(Optional<String> list) {
        Set<Fault> wanted;
        try {
            wanted = Fault.parse(list.orElse(""));
        } catch (IllegalArgumentException e) {
            return Answer.json(400, Json.bytes(out -> {
                out.writeStartObject();
                out.writeStringField("error", e.getMessage());
                out.writeEndObject();
            }));
        }
        faults.clear();
        wanted.forEach(faults::enable);
        return Answer.json(200, "{}");
    }

    private Answer counts() {
        return Answer.json(200, Json.bytes(out -> {
            out.writeStartObject();
            for (var entry : requests.byPath().entrySet()) {
                out.writeNumberField(entry.getKey(), entry.getValue());
            }
            out.writeEndObject();
        }));
    }
}
