// The console: one state comes in, the whole page is laid from it.
import { el, byId, text, keyed } from "./dom.js";
import { age, brief, bytes, count, full, span } from "./format.js";
import { follow } from "./feed.js";
import { streams } from "./streams.js";
import { charts } from "./charts.js";
import * as lists from "./lists.js";

/** The service's clock less this browser's: ages are told in the service's time. */
let ahead = 0;
let state;

function tiles(now) {
  const { totals, lanes, sources } = state;
  const by = totals.streams_by_state;
  const here = totals.streams - (by.elsewhere ?? 0);
  const bad = (by.halted ?? 0) + (by.degraded ?? 0);
  const lags = sources.flatMap((s) => s.streams).map((s) => s.lag_seconds).filter((l) => l !== undefined);
  const worst = lags.length ? Math.max(...lags) : undefined;
  const failed = totals.requests ? (100 * totals.failed_requests) / totals.requests : 0;
  return [
    {
      name: "Streams",
      value: bad ? `${bad} of ${here}` : count(here),
      note: bad ? "need attention" : by.catching_up || by.starting ? `${(by.catching_up ?? 0) + (by.starting ?? 0)} catching up` : here ? "all running" : "none here yet",
      tone: by.halted ? "bad" : bad ? "warn" : here ? "good" : "",
    },
    { name: "Greatest lag", value: worst === undefined ? "–" : span(worst), note: "age of the newest read" },
    { name: "Rows", value: brief(totals.rows.new + totals.rows.revised + totals.rows.retracted), note: `${brief(totals.rows.revised)} revised · ${brief(totals.rows.retracted)} retracted` },
    {
      name: "Transactions",
      value: brief(totals.transactions),
      note: totals.failed_transactions ? `${count(totals.failed_transactions)} failed and done again` : `${brief(totals.records)} records, none failed`,
      tone: totals.failed_transactions > 3 + totals.transactions / 100 ? "warn" : "",
    },
    { name: "Requests", value: brief(totals.requests), note: `${failed && failed < 0.1 ? "< 0.1" : failed.toFixed(failed && failed < 10 ? 1 : 0)} % failed`, tone: failed > 20 ? "warn" : "" },
    { name: "Restated", value: count(totals.rows.restated), note: "rows of closed days", tone: totals.rows.restated ? "warn" : "" },
    { name: "Quarantined", value: brief(totals.rows.quarantined), note: "rows set aside", tone: totals.rows.quarantined ? "warn" : "" },
    { name: "Lanes", value: `${lanes.filter((l) => l.here).length} of ${lanes.length}`, note: `index ${bytes(totals.index_bytes)}, ${brief(totals.index_entries)} keys` },
  ];
}

function head(now) {
  text(byId("instance"), `${state.instance} · ${state.version} · up ${span((now - Date.parse(state.started_at)) / 1000)}`);
  byId("instance").title = `started ${full(state.started_at)} (${age(state.started_at, now)})`;
  const ready = byId("ready");
  text(ready, state.ready ? "ready" : "not ready");
  ready.className = "badge " + (state.ready ? "good" : "warn");
  const notice = byId("notice");
  const sentences = state.conditions.map((c) => `${c.subject} ${c.text}.`);
  if (!state.ready) sentences.unshift(`Not ready: ${state.not_ready_because.join("; ")}.`);
  notice.hidden = !sentences.length;
  text(notice, sentences.join(" "));
  document.title = state.totals.streams_by_state.halted ? "⚠ Usagestream" : "Usagestream";
}

function lay() {
  const now = Date.now() + ahead;
  head(now);
  keyed(
    byId("tiles"),
    tiles(now),
    (tile) => tile.name,
    (tile) => el("div", {}, el("span", { class: "tile-name" }, tile.name), el("span", { class: "tile-value num" }), el("span", { class: "tile-note" })),
    (node, tile) => {
      node.className = "tile " + (tile.tone ?? "");
      text(node.children[1], tile.value);
      text(node.children[2], tile.note);
    },
  );
  streams(state, now);
  charts(state);
  lists.restatements(state, now);
  lists.quarantine(state, now);
  lists.lanes(state, now);
  lists.events(state, now);
  document.body.dataset.laid = "true";
}

function link(is) {
  const node = byId("link");
  text(node, is);
  node.className = "link-state " + is;
}

setInterval(() => {
  const now = new Date(Date.now() + ahead).toISOString();
  text(byId("clock"), `${now.slice(0, 10)} ${now.slice(11, 19)} UTC`);
}, 1000);

follow((next) => {
  state = next;
  ahead = Date.parse(next.now) - Date.now();
  if (Math.abs(ahead) < 2000) ahead = 0;
  lay();
}, link);
