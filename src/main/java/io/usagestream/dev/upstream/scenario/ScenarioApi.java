package io.usagestream.dev.upstream.scenario;

import io.usagestream.dev.upstream.fault.Afflictions;
import io.usagestream.dev.upstream.fault.Fault;
import io.usagestream.dev.upstream.http.Answer;
import io.usagestream.dev.upstream.http.Ask;
import io.usagestream.dev.upstream.http.Json;
import io.usagestream.dev.upstream.ledger.Dice;
import io.usagestream.dev.upstream.ledger.Ledger;
import io.usagestream.dev.upstream.ledger.StudioEvent;
import io.usagestream.dev.upstream.ledger.StudioSeries;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Scenario's {@code GET /v1/usages}, and {@code /v1/usage} as one of its help pages has it.
 *
 * <p>The key of account n is {@code api_sim_<n>}, its secret {@code secret_sim_<n>}.
 */
public final class ScenarioApi {
    private static final String KEY = "api_sim_";
    private static final String SECRET = "secret_sim_";
    private static final int PAGE = 100;
    private static final Duration UNSETTLED = Duration.ofMinutes(15);

    private final Ledger ledger;
    private final StudioOptions options;

    public ScenarioApi(Ledger ledger, StudioOptions options) {
        this.ledger = ledger;
        this.options = options;
    }

    public static String apiKey(int account) {
        return KEY + account;
    }

    public static String apiSecret(int account) {
        return SECRET + account;
    }

    public static boolean owns(String path) {
        return path.equals("/v1/usages") || path.equals("/v1/usage");
    }

    public Answer answer(Ask ask, Afflictions afflictions) {
        try {
            int account = account(ask.authorization());
            StudioRequest request = StudioRequest.of(ask, account, ledger.now());
            if (!ledger.studio(account).projects().containsAll(request.query().projectIds())) {
                throw StudioRefusal.forbidden();
            }
            Answer answer = Answer.json(200, body(request, afflictions));
            if (answer.body().bytes().length > options.ceiling()) {
                throw StudioRefusal.tooLarge();
            }
            return answer;
        } catch (StudioRefusal refusal) {
            return refusal.answer();
        }
    }

    private byte[] body(StudioRequest request, Afflictions afflictions) {
        return Json.bytes(out -> {
            StudioWriter writer = new StudioWriter(out, afflictions, request.dropZeroPoints(), options.names());
            EntityWriter entities = new EntityWriter();
            out.writeStartObject();
            if (request.wants(Section.ACTIVITY)) {
                List<StudioEvent> page = activity(request, afflictions);
                page.forEach(entities::add);
                writer.activity(page);
            }
            if (request.sections().stream().anyMatch(section -> section != Section.ACTIVITY)) {
                series(request, writer, entities);
            }
            entities.write(out);
            writer.novelty();
            out.writeEndObject();
        });
    }

    /** One pass over the events serves all of an answer's sections. */
    private void series(StudioRequest request, StudioWriter writer, EntityWriter entities) throws java.io.IOException {
        StudioSeries series = StudioSeries.of(ledger, request.query(), request.grain());
        if (request.wants(Section.ASSET_USAGES)) {
            writer.assetUsages(series);
        }
        if (request.wants(Section.CONSUMPTION)) {
            writer.consumption(series);
            entities.users(series.consumption().keySet());
        }
        if (request.wants(Section.MODEL_USAGES)) {
            writer.modelUsages(series);
            entities.models(series.models().keySet());
        }
        if (request.wants(Section.NSFW_USAGES)) {
            writer.nsfwUsages(series);
        }
        if (request.wants(Section.USAGES)) {
            writer.usages(series);
        }
    }

    private List<StudioEvent> activity(StudioRequest request, Afflictions afflictions) {
        List<StudioEvent> events = new ArrayList<>(ledger.events(request.query()));
        if (afflictions.has(Fault.SHIFTING_LIST)) {
            shift(events, afflictions.dice());
        }
        if (options.order() == StudioOptions.Order.NEWEST_FIRST) {
            Collections.reverse(events);
        }
        boolean pastEnd = request.offset() >= events.size();
        boolean wraps = options.pastEnd() == StudioOptions.PastEnd.FIRST_PAGE || afflictions.has(Fault.OFFSET_WRAP);
        int from = pastEnd ? (wraps ? 0 : events.size()) : (int) request.offset();
        return events.subList(from, Math.min(from + PAGE, events.size()));
    }

    /** Some of the newest events are not there yet, or not any more; what is older is left alone. */
    private void shift(List<StudioEvent> events, long seed) {
        Instant settled = ledger.now().minus(UNSETTLED);
        Dice dice = new Dice(seed);
        events.removeIf(event -> event.time().isAfter(settled) && dice.perMille(100));
    }

    private int account(Optional<String> authorization) {
        String[] pair = authorization
                .filter(header -> header.regionMatches(true, 0, "Basic ", 0, 6))
                .map(header -> decode(header.substring(6).strip()).split(":", 2))
                .orElseThrow(StudioRefusal::badKey);
        if (pair.length == 2 && pair[0].startsWith(KEY) && pair[1].startsWith(SECRET)) {
            String number = pair[0].substring(KEY.length());
            try {
                int account = Integer.parseInt(number);
                if (number.equals(pair[1].substring(SECRET.length()))
                        && account >= 1
                        && account <= ledger.settings().accounts()) {
                    return account;
                }
            } catch (NumberFormatException e) {
                throw StudioRefusal.badKey();
            }
        }
        throw StudioRefusal.badKey();
    }

    private static String decode(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw StudioRefusal.badKey();
        }
    }
}
