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
 * @property {number} share of its time used up (1 at the due time)
 * @property {Lateness} lateness
 */

/** From this share of the time on, a case is shown as soon late (incidents.md 1.4). */
const SOON = 0.8;
/** @type {Lateness[]} */
const ORDER = ["none", "good", "soon", "late"];

/** @param {number} share @returns {Lateness} */
const grade = (share) => (share >= 1 ? "late" : share >= SOON ? "soon" : "good");

/**
 * The three clocks of a case; each runs on its own, and none hides another.
 *
 * @param {Pick<Card, "opened_at" | "first_feedback_at" | "first_handling_at" | "resolved_at" | "feedback_due_at" | "handling_due_at" | "resolve_due_at">} card
 * @param {number} now milliseconds, the server's clock
 * @returns {Clock[]}
 */
export function clocks(card, now) {
  const start = Date.parse(card.opened_at);
  /** @param {Clock["key"]} key @param {string} dueAt @param {string | null} setAt @returns {Clock} */
  const clock = (key, dueAt, setAt) => {
    const due = Date.parse(dueAt);
    const stoppedAt = setAt ? Date.parse(setAt) : null;
    const share = ((stoppedAt ?? now) - start) / Math.max(1, due - start);
    return { key, due, stoppedAt, share, lateness: grade(share) };
  };
  return [
    clock("feedback", card.feedback_due_at, card.first_feedback_at),
    clock("handling", card.handling_due_at, card.first_handling_at),
    clock("resolve", card.resolve_due_at, card.resolved_at),
  ];
}

/**
 * The worst of the clocks that still run.
 *
 * @param {Parameters<typeof clocks>[0]} card
 * @param {number} now milliseconds
 * @returns {Lateness}
 */
export function lateness(card, now) {
  const running = clocks(card, now).filter((clock) => clock.stoppedAt === null);
  const worst = Math.max(0, ...running.map((clock) => ORDER.indexOf(clock.lateness)));
  return ORDER[worst] ?? "none";
}
