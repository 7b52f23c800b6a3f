// Numbers with their units, times in UTC with their age.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

export const count = (n) => whole.format(n);

/** A count that must fit: 12,345 and then 1.2M. */
export const brief = (n) => (Math.abs(n) < 100_000 ? whole.format(n) : compact.format(n));

export function bytes(n) {
  const units = ["B", "KiB", "MiB", "GiB"];
  let unit = 0;
  while (n >= 1024 && unit < units.length - 1) {
    n /= 1024;
    unit++;
  }
  return `${n < 10 && unit > 0 ? n.toFixed(1) : Math.round(n)} ${units[unit]}`;
}

/** A span of seconds in its two greatest units at most: 45 s, 12 min, 3 h 20 min, 5 d. */
export function span(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 100) return `${s} s`;
  const minutes = Math.round(s / 60);
  if (minutes < 100) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 10) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  if (hours < 48) return `${Math.round(minutes / 60)} h`;
  return `${Math.round(minutes / 1440)} d`;
}

export function age(iso, now) {
  const seconds = (now - Date.parse(iso)) / 1000;
  return seconds < -1 ? `in ${span(-seconds)}` : seconds < 1.5 ? "just now" : `${span(seconds)} ago`;
}

/** 14:03:27 today, else 19 Nov 14:03; always UTC. */
export function moment(iso, now) {
  const day = iso.slice(0, 10);
  if (day === new Date(now).toISOString().slice(0, 10)) return iso.slice(11, 19);
  return `${shortDay(day)} ${iso.slice(11, 16)}`;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** 2026-11-19 as 19 Nov. */
export const shortDay = (day) => `${Number(day.slice(8, 10))} ${months[Number(day.slice(5, 7)) - 1]}`;

export const full = (iso) => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

/** A decimal text, grouped, cut to so many decimals without losing that there is something. */
export function decimal(plain, decimals = 6) {
  const [integer, fraction = ""] = plain.replace("-", "").split(".");
  const sign = plain.startsWith("-") ? "−" : "";
  const grouped = integer.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  const kept = fraction.slice(0, decimals).replace(/0+$/, "");
  const lost = fraction.slice(decimals).replace(/0+$/, "") !== "";
  return sign + grouped + (kept ? "." + kept : "") + (lost ? "…" : "");
}

const currencies = new Set(["usd", "eur", "gbp", "jpy", "aud", "cad", "chf"]);

/** A decimal with its unit: 1,234.5 tokens, 0.25 USD, 12 compute units. */
export function amount(plain, unit, decimals = 6) {
  return `${decimal(plain, decimals)} ${unitName(unit)}`;
}

export const unitName = (unit) => (currencies.has(unit) ? unit.toUpperCase() : unit === "cu" ? "CU" : unit);

/** An approximate number for an axis or a sum. */
export function approximate(n, unit) {
  const digits = Math.abs(n) < 1 && n !== 0 ? 4 : Math.abs(n) < 1000 ? 2 : 1;
  const number =
    Math.abs(n) < 10_000
      ? new Intl.NumberFormat("en", { maximumFractionDigits: digits }).format(n)
      : compact.format(n);
  return `${number} ${unitName(unit)}`;
}

export const words = (reason) => reason.replaceAll("_", " ");
