import { setText } from "../ui/dom.js";
import { stopwatch } from "../ui/time.js";

/** @typedef {import("../live/messages.js").Figures} Figures */

const NONE = "–";
/** The medians are spans in seconds, the others counts. */
const SPANS = new Set(["collection_s", "feedback_s", "handling_s"]);

/** Write the counters. @param {Figures | null} figures */
export function showFigures(figures) {
  for (const target of document.querySelectorAll("[data-figure]")) {
    const key = target.getAttribute("data-figure") ?? "";
    const value = figures?.[/** @type {keyof Figures} */ (key)] ?? null;
    setText(target, value === null ? NONE : SPANS.has(key) ? stopwatch(value) : String(value));
  }
}
