import { byId, setText } from "../../ui/dom.js";
import { stopwatch } from "../../ui/time.js";

/**
 * The three first times and the resolution: median, ninetieth percentile, share in time.
 *
 * @typedef {import("./source.js").Spans} Spans
 */

const NONE = "–";
const KEYS = /** @type {const} */ (["collection", "feedback", "handling", "resolution"]);
/** A share in time below this is to be looked at, and below the other to be acted on. */
const GOOD = 0.9;
const POOR = 0.75;

/** @param {import("./source.js").Counted | null} counted */
export function showTimes(counted) {
  for (const key of KEYS) showRow(byId(`time-${key}`), counted?.times[key]);
}

/** @param {HTMLElement} row @param {Spans | undefined} spans */
function showRow(row, spans) {
  const rate = spans?.known ? (spans.kept ?? 0) / spans.known : null;
  const texts = [
    span(spans?.median_s),
    span(spans?.p90_s),
    rate === null ? NONE : `${Math.round(100 * rate)}%`,
  ];
  const cells = [...row.querySelectorAll("td")];
  for (const [n, cell] of cells.entries()) setText(cell, texts[n] ?? NONE);
  const last = cells.at(-1);
  if (last) last.dataset.late = rate === null ? "" : standing(rate);
}

/** @param {number} rate */
const standing = (rate) => (rate >= GOOD ? "good" : rate >= POOR ? "soon" : "late");

/** @param {number | null | undefined} seconds */
const span = (seconds) => (seconds === null || seconds === undefined ? NONE : stopwatch(seconds));
