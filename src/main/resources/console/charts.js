// The two charts. Chart.js draws on a canvas: names are painted, never parsed.
import { el, byId, text } from "./dom.js";
import { approximate, brief, count, shortDay, unitName, words } from "./format.js";

const Chart = window.Chart;
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const palette = () => ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6", "--c7", "--c8"].map(css);
const dark = matchMedia("(prefers-color-scheme: dark)");

let rate;
let usage;
let chosen;
let lastState;

dark.addEventListener("change", () => {
  rate?.destroy();
  usage?.destroy();
  rate = usage = undefined;
  if (lastState) charts(lastState);
});

function options(unit, ticks) {
  const ink = css("--ink-2");
  const line = css("--line");
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    interaction: { mode: "index", intersect: false },
    font: { family: "inherit" },
    scales: {
      x: { stacked: true, grid: { display: false }, border: { color: line }, ticks: { color: ink, maxRotation: 0, autoSkipPadding: 16 } },
      y: {
        stacked: true,
        beginAtZero: true,
        title: { display: true, text: unit ? unitName(unit) : "rows a minute", color: ink },
        grid: { color: line },
        border: { display: false },
        ticks: { color: ink, maxTicksLimit: 5, precision: ticks, callback: (v) => (unit ? approximate(v, unit).split(" ")[0] : brief(v)) },
      },
    },
    plugins: {
      legend: { position: "bottom", align: "start", labels: { color: css("--ink"), boxWidth: 10, boxHeight: 10, padding: 12, useBorderRadius: true, borderRadius: 2 } },
      tooltip: {
        filter: (item) => item.parsed.y !== 0,
        callbacks: { label: (item) => `${item.dataset.label}: ${unit ? approximate(item.parsed.y, unit) : `${count(item.parsed.y)} rows`}` },
      },
    },
  };
}

/** Replaces data in place: the chart keeps its hover and its hidden series. */
function lay(chart, labels, datasets) {
  chart.data.labels = labels;
  datasets.forEach((set, i) => {
    if (chart.data.datasets[i]?.label === set.label) Object.assign(chart.data.datasets[i], set);
    else chart.data.datasets[i] = set;
  });
  chart.data.datasets.length = datasets.length;
  chart.update("none");
}

function rates(state) {
  const { minutes } = state;
  const kinds = [
    ["new", "--c1"],
    ["revised", "--c2"],
    ["retracted", "--c3"],
    ["quarantined", "--c4"],
  ];
  const total = kinds.reduce((sum, [kind]) => sum + minutes[kind].reduce((a, b) => a + b, 0), 0);
  byId("rate").parentElement.hidden = total === 0;
  byId("rate-empty").hidden = total !== 0;
  if (total === 0) {
    text(byId("rate-sum"), "");
    return;
  }
  // at least half an hour, so that a young process does not show two thick bars
  const from = Date.parse(minutes.from);
  const known = minutes.new.length;
  const pad = Math.max(0, 30 - known);
  const labels = Array.from({ length: known + pad }, (_, i) => new Date(from + (i - pad) * 60_000).toISOString().slice(11, 16));
  const datasets = kinds.map(([kind, colour]) => ({
    label: kind,
    data: [...Array(pad).fill(0), ...minutes[kind]],
    backgroundColor: css(colour),
    borderRadius: 2,
    barPercentage: 0.9,
    categoryPercentage: 0.95,
  }));
  const last = minutes.new.slice(-2)[0] ?? 0;
  text(byId("rate-sum"), `last ${count(known)} min: ${brief(total)} rows · ${brief(last)} new in the last whole minute`);
  if (rate) lay(rate, labels, datasets);
  else rate = new Chart(byId("rate"), { type: "bar", data: { labels, datasets }, options: options("", 0) });
}

const seriesName = (series, dimension) => (series.other ? "other" : series.name === undefined ? `no ${words(dimension)}` : series.name || "(empty)");

/** Long names are cut in the legend; they come from upstream. */
const cut = (name) => (name.length > 42 ? name.slice(0, 40) + "…" : name);

function usages(state) {
  const tabs = byId("usage-tabs");
  const none = state.usage.length === 0;
  byId("usage").parentElement.hidden = none;
  byId("usage-empty").hidden = !none;
  tabs.hidden = state.usage.length < 2;
  if (none) {
    text(byId("usage-sum"), "");
    return;
  }
  const chart = state.usage.find((c) => c.id === chosen) ?? state.usage[0];
  const marks = state.usage.map((c) => c.id).join();
  if (tabs.dataset.marks !== marks) {
    tabs.dataset.marks = marks;
    tabs.replaceChildren(
      ...state.usage.map((c) => {
        const button = el("button", { type: "button", "data-id": c.id }, c.title);
        if (state.usage.filter((other) => other.title === c.title).length > 1) button.append(` ${unitName(c.unit)}`);
        button.addEventListener("click", () => {
          chosen = c.id;
          usages(lastState);
        });
        return button;
      }),
    );
  }
  for (const button of tabs.children) button.setAttribute("aria-pressed", String(button.dataset.id === chart.id));
  const colours = palette();
  const datasets = chart.series.map((series, i) => ({
    label: cut(seriesName(series, chart.dimension)),
    data: series.values.map(Number),
    backgroundColor: series.other ? css("--c-other") : colours[i % colours.length],
    borderRadius: 2,
    barPercentage: 0.85,
    categoryPercentage: 0.9,
  }));
  const labels = chart.days.map(shortDay);
  const today = chart.series.reduce((sum, s) => sum + Number(s.values.at(-1)), 0);
  const all = chart.series.reduce((sum, s) => sum + s.values.reduce((a, v) => a + Number(v), 0), 0);
  const scope = state.usage_since_start_only ? "published since the start" : "14 days";
  text(byId("usage-sum"), `by ${words(chart.dimension.replace("_id", ""))} · today ${approximate(today, chart.unit)} · ${scope} ${approximate(all, chart.unit)}`);
  if (usage && usage.unit === chart.unit) lay(usage, labels, datasets);
  else {
    usage?.destroy();
    usage = new Chart(byId("usage"), { type: "bar", data: { labels, datasets }, options: options(chart.unit) });
    usage.unit = chart.unit;
  }
}

export function charts(state) {
  lastState = state;
  rates(state);
  usages(state);
}
