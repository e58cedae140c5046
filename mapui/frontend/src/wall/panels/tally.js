/**
 * What the open cases of a unit add up to. Pure: no DOM, no clock of its own.
 *
 * @typedef {import("../../live/messages.js").Card} Card
 * @typedef {import("../../ui/lateness.js").Clock} Clock
 * @typedef {import("../board.js").Entry} Entry
 *
 * @typedef {object} Due the clock of a case that runs out first; null where none runs or stands still
 * @property {Clock["key"]} key
 * @property {number} due milliseconds
 * @property {number | null} pausedAt milliseconds: where it stands still
 *
 * @typedef {{ open: number, late: number }} Count
 *
 * @typedef {object} Tally
 * @property {number} open
 * @property {number} late
 * @property {Map<string, Count>} matters by code
 * @property {Map<number, Count>} children by unit
 * @property {{ card: Card, due: Due }[]} overdue the longest first
 * @property {{ card: Card, due: Due }[]} next that fall due, the soonest first
 */

const CLOCKS = /** @type {const} */ ([
  ["feedback", "first_feedback_at", "feedback_due_at"],
  ["handling", "first_handling_at", "handling_due_at"],
  ["resolve", "resolved_at", "resolve_due_at"],
]);
/** Only what is needed: 20,000 cases come at once when the wall opens. @param {Card} card @returns {Due | null} */
export function dueOf(card) {
  /** @type {Due | null} */
  let first = null;
  if (card.closed_at) return first;
  const pausedAt = card.paused_since ? Date.parse(card.paused_since) : null;
  for (const [key, stopped, due] of CLOCKS) {
    if (card[stopped]) continue;
    const at = Date.parse(card[due]);
    if (first === null || at < first.due) first = { key, due: at, pausedAt };
  }
  return first;
}

/** @param {Due} due @param {number} now @returns {boolean} as the server reckons it: what stands still is as late as it was */
export const isOverdue = ({ due, pausedAt }, now) => due < (pausedAt ?? now);

/**
 * @param {Iterable<Entry>} entries the open cases; what was reckoned of one is kept in it
 * @param {import("../focus.js").Focus} focus
 * @param {number} now milliseconds, the server's clock
 * @param {number} rows how many are wanted of what is overdue, and of what is next
 * @returns {Tally}
 */
export function tally(entries, focus, now, rows) {
  /** @type {Tally} */
  const found = {
    open: 0,
    late: 0,
    matters: new Map(),
    children: new Map(),
    overdue: [],
    next: [],
  };
  for (const entry of entries) {
    if (focus.contains(entry.card.unit)) count(found, entry, focus, now, rows);
  }
  return found;
}

/** @param {Tally} found @param {Entry} entry @param {import("../focus.js").Focus} focus @param {number} now @param {number} rows */
function count(found, entry, focus, now, rows) {
  const { card } = entry;
  if (entry.due === undefined) entry.due = dueOf(card);
  const { due } = entry;
  const isLate = due !== null && isOverdue(due, now);
  const child = focus.childOf(card.unit);
  add(found, isLate);
  add(slot(found.matters, card.matter), isLate);
  if (child) add(slot(found.children, child.id), isLate);
  if (due && due.pausedAt === null) keep(isLate ? found.overdue : found.next, { card, due }, rows);
}

/** @param {Count} sum @param {boolean} isLate */
function add(sum, isLate) {
  sum.open += 1;
  if (isLate) sum.late += 1;
}

/** @template Key @param {Map<Key, Count>} counts @param {Key} key @returns {Count} */
function slot(counts, key) {
  let known = counts.get(key);
  if (known === undefined) {
    known = { open: 0, late: 0 };
    counts.set(key, known);
  }
  return known;
}

/**
 * Keep the few that are due first, in order, without sorting the many.
 *
 * @param {{ card: Card, due: Due }[]} few @param {{ card: Card, due: Due }} one @param {number} rows
 */
function keep(few, one, rows) {
  const last = few.at(-1);
  if (few.length >= rows && last && last.due.due <= one.due.due) return;
  const at = few.findIndex((other) => other.due.due > one.due.due);
  few.splice(at < 0 ? few.length : at, 0, one);
  if (few.length > rows) few.pop();
}
