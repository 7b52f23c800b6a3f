package io.usagestream.hostile;

import io.usagestream.hostile.Reply.Script;
import io.usagestream.stream.Reason;
import java.util.List;
import java.util.Map;

/**
 * One behaviour of the catalogue of failures as a source of its own.
 *
 * @param row its number in the catalogue, or what else it is
 * @param stream which is read
 * @param sign the metric in which the reaction shows; it must be above zero
 * @param done what the reaction is, in words; the other members and the marks prove it
 * @param kept whether rows with {@link Page#KEPT} must be published
 * @param base instead of the hostile upstream's address, empty for that
 */
record Row(String row, String name, String stream, Sign sign, String done, boolean kept, String base, Script script) {
    /** How often an upstream that becomes sound again is not; fewer than a page is tried. */
    private static final int BAD_ANSWERS = 2;

    /** A metric with labels. */
    record Sign(String metric, Map<String, String> labels) {
        boolean shows(Map<String, String> other) {
            return other.entrySet().containsAll(labels.entrySet());
        }
    }

    static Sign request(Reason reason) {
        return new Sign("usagestream_requests_total", Map.of("result", "failed", "reason", reason.word()));
    }

    static Sign window(Reason reason) {
        return new Sign("usagestream_window_failures_total", Map.of("reason", reason.word()));
    }

    static Sign quarantine(Reason reason) {
        return new Sign("usagestream_quarantined_total", Map.of("reason", reason.word()));
    }

    static Sign state(String state) {
        return new Sign("usagestream_source_state", Map.of("state", state));
    }

    static Sign rows(String result) {
        return new Sign("usagestream_rows_total", Map.of("result", result));
    }

    static Sign metric(String name) {
        return new Sign("usagestream_" + name, Map.of());
    }

    /** Upstream's fault makes a request fail. */
    static Row refused(String row, String name, Reason reason, String done, Script script) {
        return new Row(row, name, "completions", request(reason), done, false, "", script);
    }

    /** The same, and then upstream is sound again. */
    static Row survived(String row, String name, Reason reason, String done, Script script) {
        Script once = (asked, reply) -> {
            if (asked.times() <= BAD_ANSWERS) {
                script.to(asked, reply);
            } else {
                reply.json(Page.good(asked, Page.KEPT));
            }
        };
        return new Row(row, name, "completions", request(reason), done + "; asked again, published", true, "", once);
    }

    /** One row of many is bad. */
    static Row setAside(String row, String name, Reason reason, String badFields) {
        return new Row(
                row,
                name,
                "completions",
                quarantine(reason),
                "row quarantined, its neighbours published",
                true,
                "",
                (asked, reply) -> reply.json(Page.beside(asked, badFields)));
    }

    /** Its number; what is no row of the catalogue comes last. */
    int number() {
        return row.matches("\\d+") ? Integer.parseInt(row) : Integer.MAX_VALUE;
    }

    /** Whether it is read from Scenario. */
    boolean scenario() {
        return List.of("usages", "activity", "model-usages").contains(stream);
    }

    /** The source's name. */
    String source() {
        return "r" + row.replaceAll("[^0-9a-z]", "") + "-" + name + (scenario() ? "-pair" : "");
    }
}
