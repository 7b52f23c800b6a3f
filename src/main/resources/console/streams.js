// The table of streams, grouped by source.
import { el, byId, text } from "./dom.js";
import { age, brief, count, full, moment, span, words } from "./format.js";

/** Rows that are laid out at once; more are found by searching. */
const MOST = 400;

const tone = { running: "good", catching_up: "note", starting: "note", degraded: "warn", halted: "bad", elsewhere: "", unassigned: "warn", opening: "note", "standing back": "warn", refused: "bad" };
const find = byId("find");
const attention = byId("attention");
let last;

find.addEventListener("input", () => last && streams(...last));
attention.addEventListener("click", () => {
  attention.setAttribute("aria-pressed", String(attention.getAttribute("aria-pressed") !== "true"));
  if (last) streams(...last);
});

const troubled = (stream) => stream.state === "halted" || stream.state === "degraded" || stream.rows.quarantined > 0;

function wanted(source, stream) {
  const needle = find.value.trim().toLowerCase();
  if (needle && !`${source.name}/${stream.stream} ${source.provider}`.toLowerCase().includes(needle)) return false;
  return attention.getAttribute("aria-pressed") !== "true" || troubled(stream);
}

function timeCell(label, iso, now) {
  if (!iso) return el("td", { class: "r quiet", "data-label": label }, "–");
  return el(
    "td",
    { class: "r num when", "data-label": label, title: full(iso) },
    el("span", {}, moment(iso, now)),
    el("small", {}, age(iso, now)),
  );
}

function countCell(label, n, kind = "") {
  return el("td", { class: `r num ${n ? kind : "quiet"}`, "data-label": label, title: count(n) }, brief(n));
}

/** A stream that no lane here reads is as its lane is: elsewhere, not assigned to anybody, or about to begin. */
const stateOf = (stream, lane) => (stream.state === "elsewhere" && lane ? lane.phase : stream.state);

function stateCell(stream, lane, now) {
  const is = stateOf(stream, lane);
  const badge = el("span", { class: "badge " + (tone[is] ?? "") }, words(is));
  const notes = [];
  if (stream.reason) notes.push(words(stream.reason));
  if (stream.waiting) {
    const until = (Date.parse(stream.waiting.until) - now) / 1000;
    if (until > 0) notes.push(`waits ${span(until)} (${words(stream.waiting.reason)})`);
  }
  const note = notes.length ? el("small", {}, notes.join(" · ")) : undefined;
  return el("td", { "data-label": "State", class: "state", title: stream.message }, badge, note);
}

function row(stream, lane, now) {
  const lag = stream.lag_seconds;
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, stream.stream),
    stateCell(stream, lane, now),
    el(
      "td",
      { class: "r num", "data-label": "Lag", title: stream.hot_read_at ? full(stream.hot_read_at) : undefined },
      lag === undefined ? "–" : span(lag),
    ),
    timeCell("Read to", stream.frontier, now),
    timeCell("Final to", stream.watermark, now),
    countCell("New", stream.rows.new),
    countCell("Revised", stream.rows.revised),
    countCell("Retracted", stream.rows.retracted, "warn-text"),
    countCell("Quarantined", stream.rows.quarantined, "bad-text"),
    timeCell("Last success", stream.last_success_at, now),
  );
}

function group(source) {
  return el(
    "tr",
    { class: "group" },
    el(
      "th",
      { colspan: "10", scope: "rowgroup" },
      el("span", { class: "dot " + (tone[source.state] ?? "") }),
      el("b", {}, source.name),
      el("span", { class: "quiet" }, `${source.provider} · lane ${source.lane}`),
    ),
  );
}

export function streams(state, now) {
  last = [state, now];
  const lanes = new Map(state.lanes.map((lane) => [lane.lane, lane]));
  const rows = [];
  let hidden = 0;
  let all = 0;
  for (const source of state.sources) {
    const some = source.streams.filter((stream) => wanted(source, stream));
    all += source.streams.length;
    if (!some.length) continue;
    if (rows.length >= MOST) {
      hidden += some.length;
      continue;
    }
    rows.push(group(source), ...some.map((stream) => row(stream, lanes.get(source.lane), now)));
  }
  if (!rows.length) {
    const why = all ? "Nothing matches. Clear the search to see every stream." : "No sources are configured.";
    rows.push(el("tr", {}, el("td", { colspan: "10", class: "empty" }, why)));
  }
  byId("stream-rows").replaceChildren(...rows);
  byId("stream-rows").closest(".scroll").classList.toggle("long", rows.length > 60);
  text(byId("streams-sum"), `${count(state.totals.streams)} in ${count(state.totals.sources)} source${state.totals.sources === 1 ? "" : "s"}`);
  text(
    byId("streams-foot"),
    state.sources_not_listed
      ? `${count(state.sources_not_listed)} more sources without trouble are not listed here; /api/status lists all.`
      : hidden
      ? `${count(hidden)} more streams are not shown: search for them.`
      : `Rows since this process started, ${age(state.started_at, now)}.`,
  );
}
