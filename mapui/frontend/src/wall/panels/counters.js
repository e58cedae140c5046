import { byId, setText } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";

/**
 * The counters: what came today, what is open and late now, how much of a month's cases is done.
 *
 * @typedef {import("./tally.js").Tally} Tally
 * @typedef {import("./source.js").Counted} Counted
 */

const NONE = "–";

/**
 * @param {Tally | null} now what is open, from the live cards
 * @param {number | null} today
 * @param {Counted | null} counted
 */
export function showCounters(now, today, counted) {
  write("today", today);
  write("open", now?.open ?? null);
  write("late", now?.late ?? null);
  const finished = counted?.finished;
  write("finished", finished?.of ? `${Math.round((100 * finished.count) / finished.of)}%` : null);
  note("today", counted && fill(gettext("yesterday %(n)s"), { n: counted.trend.yesterday_by_now }));
  note("late", now && share(now));
  note("finished", counted && fill(gettext("of %(n)s"), { n: counted.finished.of }));
}

/** @param {Tally} now */
function share({ open, late }) {
  if (open === 0) return "";
  return `${Math.round((100 * late) / open)}%`;
}

/** @param {string} key @param {number | string | null} value */
function write(key, value) {
  setText(byId(`figure-${key}`), value === null ? NONE : String(value));
}

/** @param {string} key @param {string | null} text */
function note(key, text) {
  setText(byId(`figure-${key}-note`), text ?? "");
}
