/**
 * How late a case is, reckoned from its stored dues; the server's own word (`is_late`) is of the moment
 * of its frame only.
 *
 * @typedef {import("../live/messages.js").Card} Card
 * @typedef {"none" | "good" | "soon" | "late"} Lateness none: no clock is running any more
 *
 * @typedef {object} Clock
 * @property {"feedback" | "handling" | "resolve"} key
 * @property {number} due milliseconds
 * @property {number | null} stoppedAt milliseconds; null while it runs
 * @property {number} at milliseconds: the moment that it shows, now only while it really goes on
 * @property {boolean} isPaused whether it stands still, since the case waits for others
 * @property {number} share of its time used up (1 at the due time)
 * @property {Lateness} lateness
 */

/** The share of the time that is over when a deadline's warning comes (incidents.md 1.4). */
const SOON = 0.8;
/** @type {Lateness[]} */
const ORDER = ["none", "good", "soon", "late"];
const LATE = ORDER.length - 1;

/** @param {string | null} at */
const instant = (at) => (at ? Date.parse(at) : null);

/**
 * The times of a card as numbers, read once: a wall asks for those of 20,000 cards every second.
 *
 * @type {WeakMap<object, ReturnType<typeof timesOf>>}
 */
const known = new WeakMap();

/** @param {Parameters<typeof clocks>[0]} card */
function timesOf(card) {
  return {
    start: Date.parse(card.opened_at),
    pausedAt: instant(card.paused_since),
    closedAt: instant(card.closed_at),
    clocks: [
      timesOfClock("feedback", card.feedback_warn_at, card.feedback_due_at, card.first_feedback_at),
      timesOfClock("handling", card.handling_warn_at, card.handling_due_at, card.first_handling_at),
      timesOfClock("resolve", card.resolve_warn_at, card.resolve_due_at, card.resolved_at),
    ],
  };
}

/** @param {Clock["key"]} key @param {string} warn @param {string} due @param {string | null} setAt */
const timesOfClock = (key, warn, due, setAt) => ({
  key,
  warn: Date.parse(warn),
  due: Date.parse(due),
  setAt: instant(setAt),
});

/** @param {Parameters<typeof clocks>[0]} card */
function times(card) {
  const found = known.get(card) ?? timesOf(card);
  known.set(card, found);
  return found;
}

/**
 * The share of the time that counts which is over. Nights and holidays may lie between, so only the start,
 * the warning and the due time are known; between them it goes evenly.
 *
 * @param {number} at @param {number} start @param {number} warn @param {number} due
 */
function shareOf(at, start, warn, due) {
  const [from, to, before, part] = at < warn ? [start, warn, 0, SOON] : [warn, due, SOON, 1 - SOON];
  return before + (part * (at - from)) / Math.max(1, to - from);
}

/**
 * The three clocks of a case; each runs on its own, and none hides another.
 *
 * @param {Pick<Card, "opened_at" | "closed_at" | "paused_since" | "first_feedback_at" | "first_handling_at"
 *   | "resolved_at" | "feedback_warn_at" | "handling_warn_at" | "resolve_warn_at" | "feedback_due_at"
 *   | "handling_due_at" | "resolve_due_at">} card
 * @param {number} now milliseconds, the server's clock
 * @returns {Clock[]}
 */
export function clocks(card, now) {
  const { start, pausedAt, closedAt, clocks: all } = times(card);
  return all.map(({ key, warn, due, setAt }) => {
    const stoppedAt = setAt ?? closedAt;
    const at = stoppedAt ?? pausedAt ?? now;
    const lateness = at >= due ? "late" : at >= warn ? "soon" : "good";
    const isPaused = stoppedAt === null && pausedAt !== null;
    return { key, due, stoppedAt, at, isPaused, share: shareOf(at, start, warn, due), lateness };
  });
}

/**
 * The worst of the clocks that still run or stand still.
 *
 * @param {Parameters<typeof clocks>[0]} card
 * @param {number} now milliseconds
 * @returns {Lateness}
 */
export function lateness(card, now) {
  const { pausedAt, closedAt, clocks: all } = times(card);
  let worst = 0;
  for (const { warn, due, setAt } of all) {
    if ((setAt ?? closedAt) !== null) continue;
    const at = pausedAt ?? now;
    worst = Math.max(worst, at >= due ? LATE : at >= warn ? LATE - 1 : LATE - 2);
  }
  return ORDER[worst] ?? "none";
}
