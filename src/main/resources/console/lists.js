// The lists beside the streams: lanes, restatements, quarantine, events.
import { el, byId, text, keyed } from "./dom.js";
import { age, amount, bytes, count, full, moment, words } from "./format.js";

const dimensionText = (d) => `${words(d.name)} ${d.value === undefined ? "none" : d.value === "" ? "(empty)" : d.value}`;

function when(iso, now) {
  return el("time", { datetime: iso, title: full(iso), class: "num quiet" }, `${moment(iso, now)} · ${age(iso, now)}`);
}

function fill(parent, items, empty, build) {
  parent.replaceChildren(...(items.length ? items.map(build) : [el("p", { class: "empty" }, empty)]));
}

/** Lists are laid anew only when what they show has changed, or every half minute for the ages. */
const shown = new Map();
function changed(name, items, now) {
  const mark = JSON.stringify(items) + Math.floor(now / 30_000);
  if (shown.get(name) === mark) return false;
  shown.set(name, mark);
  return true;
}

export function restatements(state, now) {
  if (!changed("restatements", state.restatements, now)) return;
  fill(
    byId("restatements"),
    state.restatements.slice(0, 12),
    "None. When upstream changes a day that was already final, the row and the amounts appear here.",
    (one) =>
      el(
        "article",
        { class: "entry" },
        el(
          "header",
          {},
          el("strong", {}, `${one.source} / ${one.stream}`),
          el("span", { class: "num" }, `${full(one.bucket).slice(0, 16)} UTC · ${one.granularity}`),
          one.retracted ? el("span", { class: "badge warn" }, "retracted") : undefined,
        ),
        el("p", { class: "dims" }, one.dimensions.map(dimensionText).join(" · ")),
        el(
          "ul",
          { class: "amounts" },
          ...one.amounts.slice(0, 4).map((a) =>
            el(
              "li",
              { class: "num" },
              el("span", { class: "quiet" }, words(a.measure) + " "),
              `${amount(a.before, a.unit)} → ${amount(a.now, a.unit)} `,
              el("b", { class: a.delta.startsWith("-") ? "down" : "up" }, (a.delta.startsWith("-") ? "" : "+") + amount(a.delta, a.unit)),
            ),
          ),
          one.amounts.length > 4 ? el("li", { class: "quiet" }, `and ${one.amounts.length - 4} more measures`) : undefined,
        ),
        el("p", {}, when(one.at, now)),
      ),
  );
}

export function quarantine(state, now) {
  if (!changed("quarantine", state.quarantine, now)) return;
  fill(
    byId("quarantine"),
    state.quarantine.slice(0, 12),
    "Empty. Rows that break the provider’s own rules are set aside here, and in the quarantine topic, with the reason.",
    (one) =>
      el(
        "article",
        { class: "entry" },
        el(
          "header",
          {},
          el("strong", {}, `${one.source} / ${one.stream}`),
          el("span", { class: "badge warn" }, words(one.reason)),
        ),
        el("p", {}, one.detail),
        el("p", { class: "quiet" }, el("code", {}, one.pointer || "/"), " "),
        el("p", {}, when(one.at, now)),
      ),
  );
}

export function lanes(state, now) {
  const mine = state.lanes.filter((lane) => lane.here).length;
  text(byId("lanes-sum"), `${mine} of ${state.lanes.length} here`);
  keyed(
    byId("lanes"),
    state.lanes,
    (lane) => String(lane.lane),
    () => el("li", {}, el("span", { class: "lane-no num" }), el("span", { class: "lane-text" }), el("span", { class: "badge" })),
    (node, lane) => {
      const [number, words_, badge] = node.children;
      text(number, String(lane.lane));
      const owner = lane.here ? "this instance" : lane.owner ?? "nobody has it yet";
      const detail = [
        owner,
        lane.sources === 1 ? "1 source" : `${lane.sources} sources`,
        lane.restore_ms === undefined ? undefined : `restored in ${count(lane.restore_ms)} ms, ${bytes(lane.restored_bytes)}`,
        lane.message,
      ];
      text(words_, detail.filter(Boolean).join(" · "));
      node.title = lane.since ? `since ${full(lane.since)} (${age(lane.since, now)})` : "";
      text(badge, lane.phase);
      badge.className = "badge " + ({ running: "good", refused: "bad", opening: "note", "standing back": "warn", unassigned: "warn" }[lane.phase] ?? "");
    },
  );
}

export function events(state, now) {
  if (!changed("events", state.events, now)) return;
  byId("events").replaceChildren(
    ...(state.events.length
      ? state.events.map((one) =>
          el(
            "li",
            { class: one.level },
            el("time", { datetime: one.at, title: `${full(one.at)}, ${age(one.at, now)}`, class: "num quiet" }, moment(one.at, now)),
            el("strong", {}, one.subject),
            el("span", {}, one.text),
          ),
        )
      : [el("li", { class: "empty" }, "Quiet so far. State changes, closed days and failures appear here.")]),
  );
}
