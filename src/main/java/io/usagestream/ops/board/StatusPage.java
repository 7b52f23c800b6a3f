package io.usagestream.ops.board;

import io.usagestream.ingest.LaneStatus;
import io.usagestream.ingest.LaneStatus.Phase;
import io.usagestream.ingest.SplitStatus;
import io.usagestream.ops.Instance;
import io.usagestream.ops.Json;
import io.usagestream.ops.Rows;
import io.usagestream.ops.Severity;
import io.usagestream.ops.board.Board.Line;
import io.usagestream.ops.board.Board.View;
import io.usagestream.ops.board.UsageByDay.Series;
import io.usagestream.ops.board.UsageByDay.Shown;
import io.usagestream.ops.health.ProbeAnswer;
import io.usagestream.sink.LaneNumber;
import io.usagestream.stream.Publication.QuarantinedRow;
import io.usagestream.stream.Reason;
import io.usagestream.stream.SplitState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The board as JSON: what {@code /api/status} answers and what the console is fed with. */
public final class StatusPage {
    private final Board board;

    public StatusPage(Board board) {
        this.board = board;
    }

    /** The whole state of now. */
    public String json(ProbeAnswer ready) {
        return json(ready, Integer.MAX_VALUE);
    }

    /** The state of now with so many streams at most, those that need attention first: for readers who get it again and again. */
    public String json(ProbeAnswer ready, int streams) {
        View view = board.view();
        List<Instance.ConfiguredSource> listed = listed(view, streams);
        return Json.object(json -> {
            json.put("instance", view.instance().name());
            json.put("version", view.instance().version());
            json.put("started_at", view.instance().startedAt());
            json.put("now", view.now());
            json.put("ready", ready.good());
            json.list("not_ready_because", list -> {
                for (String sentence : ready.because()) {
                    list.element(sentence);
                }
            });
            json.list("conditions", list -> {
                for (Happening one : view.conditions()) {
                    list.element(its -> happening(its, one));
                }
            });
            json.object("totals", totals -> totals(totals, view));
            json.list("lanes", list -> lanes(list, view));
            json.list("sources", list -> {
                for (Instance.ConfiguredSource source : listed) {
                    list.element(its -> source(its, source, view));
                }
            });
            json.put("sources_not_listed", view.instance().sources().size() - listed.size());
            json.object("minutes", minutes -> minutes(minutes, view.minutes()));
            json.put("usage_since_start_only", !view.wholeUsage());
            json.list("usage", list -> {
                for (Shown chart : view.usage()) {
                    list.element(its -> chart(its, chart));
                }
            });
            json.list("restatements", list -> {
                for (Restatement one : view.restatements()) {
                    list.element(its -> restatement(its, one));
                }
            });
            json.list("quarantine", list -> {
                for (QuarantinedRow one : view.quarantine()) {
                    list.element(its -> quarantined(its, one));
                }
            });
            json.list("events", list -> {
                for (Happening one : view.happenings()) {
                    list.element(its -> happening(its, one));
                }
            });
        });
    }

    private static List<Instance.ConfiguredSource> listed(View view, int streams) {
        List<Instance.ConfiguredSource> all = view.instance().sources();
        if (all.stream().mapToInt(source -> source.streams().size()).sum() <= streams) {
            return all;
        }
        List<Instance.ConfiguredSource> urgentFirst = all.stream()
                .sorted(Comparator.comparing(source -> !troubled(
                        view.lines().getOrDefault(source.name(), Map.of()).values())))
                .toList();
        List<Instance.ConfiguredSource> listed = new ArrayList<>();
        int count = 0;
        for (Instance.ConfiguredSource source : urgentFirst) {
            count += source.streams().size();
            if (count > streams) {
                break;
            }
            listed.add(source);
        }
        return listed;
    }

    private static boolean troubled(Collection<Line> lines) {
        return lines.stream()
                .flatMap(line -> line.status().stream())
                .map(SplitStatus::state)
                .anyMatch(state -> state == SplitState.HALTED || state == SplitState.DEGRADED);
    }

    /** One entry a source: its state and what is wrong. */
    public String health(ProbeAnswer live, ProbeAnswer ready) {
        View view = board.view();
        return Json.object(json -> {
            json.put("status", live.good() && ready.good() ? "up" : "down");
            json.put("live", live.good());
            json.put("ready", ready.good());
            json.list("because", list -> {
                for (String sentence : live.because()) {
                    list.element(sentence);
                }
                for (String sentence : ready.because()) {
                    list.element(sentence);
                }
            });
            json.list("sources", list -> {
                for (Instance.ConfiguredSource source : view.instance().sources()) {
                    list.element(its -> {
                        Collection<Line> lines = view.lines()
                                .getOrDefault(source.name(), Map.of())
                                .values();
                        its.put("name", source.name());
                        its.put("provider", source.provider());
                        its.put("state", state(lines));
                        its.putText("reason", reason(lines).map(Reason::word));
                    });
                }
            });
        });
    }

    private static void totals(Json json, View view) throws IOException {
        Collection<Line> lines =
                view.lines().values().stream().flatMap(s -> s.values().stream()).toList();
        json.put("sources", view.instance().sources().size());
        json.put("streams", lines.size());
        json.object("streams_by_state", states -> {
            Map<String, Long> counts =
                    lines.stream().collect(Collectors.groupingBy(line -> state(List.of(line)), Collectors.counting()));
            for (var entry : counts.entrySet()) {
                states.put(entry.getKey(), entry.getValue());
            }
        });
        json.object("rows", rows -> rows(rows, view.total()));
        json.put("records", view.records());
        json.put("transactions", view.transactions());
        json.put("failed_transactions", view.failedTransactions());
        json.put("requests", lines.stream().mapToLong(Line::requests).sum());
        json.put("failed_requests", lines.stream().mapToLong(Line::failed).sum());
        json.put("late_changes", view.lateChanges());
        json.put("index_entries", sum(lines, SplitStatus::indexEntries));
        json.put("index_bytes", sum(lines, SplitStatus::indexBytes));
    }

    private static long sum(Collection<Line> lines, ToLongFunction<SplitStatus> field) {
        return lines.stream()
                .flatMap(line -> line.status().stream())
                .mapToLong(field)
                .sum();
    }

    private static void rows(Json json, Rows rows) throws IOException {
        json.put("new", rows.fresh());
        json.put("revised", rows.revised());
        json.put("unchanged", rows.unchanged());
        json.put("retracted", rows.retracted());
        json.put("quarantined", rows.quarantined());
        json.put("restated", rows.restated());
    }

    private static void lanes(Json json, View view) throws IOException {
        Map<Integer, LaneStatus> ours = view.lanes().stream().collect(Collectors.toMap(LaneStatus::lane, lane -> lane));
        for (int lane : IntStream.range(0, view.instance().lanes()).toArray()) {
            Optional<LaneStatus> status = Optional.ofNullable(ours.get(lane));
            Optional<String> owner = status.map(s -> view.instance().name())
                    .or(() -> Optional.ofNullable(view.owners().get(lane)));
            json.element(its -> {
                its.put("lane", lane);
                its.put(
                        "phase",
                        status.map(s -> word(s.phase())).orElse(owner.isPresent() ? "elsewhere" : "unassigned"));
                its.putText("owner", owner);
                its.put("here", status.isPresent());
                its.putTime("since", status.map(LaneStatus::since));
                its.put("sources", view.instance().sourcesOf(lane).size());
                its.putText("message", status.map(LaneStatus::message).filter(m -> !m.isEmpty()));
                Optional<Duration> restore = status.flatMap(LaneStatus::restore);
                if (restore.isPresent()) {
                    its.put("restore_ms", restore.get().toMillis());
                    its.put("restored_bytes", status.get().restored());
                }
            });
        }
    }

    private static void source(Json json, Instance.ConfiguredSource source, View view) throws IOException {
        Map<String, Line> streams = view.lines().getOrDefault(source.name(), Map.of());
        json.put("name", source.name());
        json.put("provider", source.provider());
        json.put("state", state(streams.values()));
        json.put("lane", LaneNumber.of(source.name(), view.instance().lanes()));
        json.list("streams", list -> {
            for (var stream : streams.entrySet()) {
                list.element(its -> stream(its, stream.getKey(), stream.getValue(), view.now()));
            }
        });
    }

    private static void stream(Json json, String name, Line line, Instant now) throws IOException {
        json.put("stream", name);
        json.put("state", state(List.of(line)));
        json.object("rows", rows -> rows(rows, line.rows()));
        json.put("requests", line.requests());
        json.put("failed_requests", line.failed());
        json.putText("last_failure", line.lastFailure().map(Reason::word));
        if (line.status().isPresent()) {
            status(json, line.status().get(), now);
        }
        boolean gated = line.status().flatMap(SplitStatus::waiting).isPresent();
        Optional<Instant> budget = line.waitingUntil().filter(until -> !gated);
        if (budget.isPresent()) {
            json.object("waiting", wait -> {
                wait.put("reason", "budget");
                wait.put("until", budget.get());
            });
        }
    }

    private static void status(Json json, SplitStatus status, Instant now) throws IOException {
        json.put("lane", status.lane());
        json.putText("reason", status.reason().map(Reason::word));
        if (!status.message().isEmpty()) {
            json.put("message", status.message());
        }
        json.putTime("frontier", status.frontier());
        json.putTime("watermark", status.watermark());
        json.putTime("hot_read_at", status.hotReadAt());
        json.putDuration("lag_seconds", status.hotReadAt().map(at -> Duration.between(at, now)));
        json.putTime("last_success_at", status.lastSuccessAt());
        json.putTime("swept_at", status.sweptAt());
        json.put("lookback_seconds", status.lookback());
        json.putDuration("observed_lookback_seconds", status.observedLookback());
        json.put("index_entries", status.indexEntries());
        json.put("index_bytes", status.indexBytes());
        json.put("skew_seconds", status.skew());
        if (!status.unknown().isEmpty()) {
            json.object("unknown", unknown -> {
                for (var seen : status.unknown().entrySet()) {
                    unknown.put(seen.getKey(), seen.getValue());
                }
            });
        }
        if (status.waiting().filter(w -> w.until().isAfter(now)).isPresent()) {
            json.object("waiting", wait -> {
                wait.put("reason", status.waiting().get().reason().word());
                wait.put("until", status.waiting().get().until());
            });
        }
    }

    private static void minutes(Json json, List<Minutes.Minute> minutes) throws IOException {
        if (!minutes.isEmpty()) {
            json.put("from", minutes.get(0).start());
        }
        counts(json, "new", minutes, Rows::fresh);
        counts(json, "revised", minutes, Rows::revised);
        counts(json, "retracted", minutes, Rows::retracted);
        counts(json, "quarantined", minutes, Rows::quarantined);
    }

    private static void counts(Json json, String name, List<Minutes.Minute> minutes, ToLongFunction<Rows> count)
            throws IOException {
        json.list(name, list -> {
            for (Minutes.Minute minute : minutes) {
                list.element(count.applyAsLong(minute.rows()));
            }
        });
    }

    private static void chart(Json json, Shown chart) throws IOException {
        json.put("id", chart.id());
        json.put("title", chart.title());
        json.put("unit", chart.unit());
        json.put("dimension", chart.dimension());
        json.list("days", list -> {
            for (var day : chart.days()) {
                list.element(day.toString());
            }
        });
        json.list("series", list -> {
            for (Series series : chart.series()) {
                list.element(its -> {
                    its.putText("name", series.name().text());
                    its.put("other", series.name().other());
                    its.list("values", values -> {
                        for (var value : series.values()) {
                            values.element(value);
                        }
                    });
                });
            }
        });
    }

    private static void restatement(Json json, Restatement one) throws IOException {
        json.put("source", one.split().source());
        json.put("stream", one.split().stream());
        json.put("at", one.at());
        json.put("bucket", one.bucket());
        json.put("granularity", one.grain());
        json.put("revision", one.revision());
        json.put("retracted", one.retracted());
        json.list("dimensions", list -> {
            for (var dimension : one.dimensions().entrySet()) {
                list.element(its -> {
                    its.put("name", dimension.getKey());
                    its.putText("value", dimension.getValue());
                });
            }
        });
        json.list("amounts", list -> {
            for (Restatement.Amount amount : one.amounts()) {
                list.element(its -> {
                    its.put("measure", amount.measure());
                    its.put("unit", amount.unit());
                    its.put("before", amount.before());
                    its.put("now", amount.now());
                    its.put("delta", amount.delta());
                });
            }
        });
    }

    private static void quarantined(Json json, QuarantinedRow one) throws IOException {
        json.put("source", one.split().source());
        json.put("stream", one.split().stream());
        json.put("at", one.observedAt());
        json.put("reason", one.row().reason().word());
        json.put("detail", one.row().detail());
        json.put("pointer", one.row().pointer());
        json.put("time", one.row().time().orElse(one.window().from()));
        json.put("id", one.id());
    }

    private static void happening(Json json, Happening one) throws IOException {
        json.put("at", one.at());
        json.put("level", one.level().name().toLowerCase(Locale.ROOT));
        json.put("subject", one.subject());
        json.put("text", one.text());
    }

    /** The worst state of streams that run here, or {@code elsewhere} when none does. */
    private static String state(Collection<Line> lines) {
        return lines.stream()
                .flatMap(line -> line.status().stream())
                .map(SplitStatus::state)
                .reduce(Severity::worse)
                .map(s -> s.name().toLowerCase(Locale.ROOT))
                .orElse("elsewhere");
    }

    private static Optional<Reason> reason(Collection<Line> lines) {
        return lines.stream()
                .flatMap(line -> line.status().stream())
                .filter(s -> s.state() == SplitState.HALTED || s.state() == SplitState.DEGRADED)
                .flatMap(s -> s.reason().stream())
                .findFirst();
    }

    private static String word(Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
