import assert from "node:assert/strict";
import { test } from "node:test";
import { dueOf, isOverdue, tally } from "../src/wall/panels/tally.js";

const NOW = Date.parse("2026-11-21T12:00:00Z");
/** @param {number} minutes from now */
const at = (minutes) => new Date(NOW + minutes * 60_000).toISOString();

/** A case whose feedback is due after so many minutes, the other clocks a day later. @param {number} id @param {number} unit @param {number} due @param {any} [more] @returns {any} */
const card = (id, unit, due, more) => ({
  id,
  unit,
  matter: id % 2 ? "noise" : "rubbish",
  state: "reported",
  opened_at: at(-600),
  first_feedback_at: null,
  first_handling_at: null,
  resolved_at: null,
  closed_at: null,
  paused_since: null,
  feedback_warn_at: at(due - 5),
  handling_warn_at: at(due + 1435),
  resolve_warn_at: at(due + 1435),
  feedback_due_at: at(due),
  handling_due_at: at(due + 1440),
  resolve_due_at: at(due + 1440),
  ...more,
});

/** Unit 1 with the children 2 and 3; 9 is elsewhere. @type {any} */
const FOCUS = {
  contains: (/** @type {number} */ unit) => unit < 9,
  childOf: (/** @type {number} */ unit) => ({ 2: { id: 2 }, 3: { id: 3 } })[unit] ?? null,
};

/** As the board has them. @param {readonly any[]} cards @returns {any[]} */
const entries = (cards) => cards.map((one) => ({ at: 0, phase: {}, card: one }));

/** @param {readonly { card: any }[]} rows */
const ids = (rows) => rows.map((row) => row.card.id);

test("what is open and late adds up by matter and by child; other units don't count", () => {
  const cards = [card(1, 2, -1), card(2, 2, 5), card(3, 3, -9), card(4, 1, 7), card(5, 9, -1)];
  const found = tally(entries(cards), FOCUS, NOW, 6);
  assert.deepEqual([found.open, found.late], [4, 2]);
  assert.deepEqual(
    [...found.children],
    [
      [2, { open: 2, late: 1 }],
      [3, { open: 1, late: 1 }],
    ],
  );
  assert.deepEqual(Object.fromEntries(found.matters), {
    noise: { open: 2, late: 2 },
    rubbish: { open: 2, late: 0 },
  });
});

test("the longest overdue and the next due come first, however many there are", () => {
  const dues = [30, -3, 5, -60, 1, -7, 90, 12, -1];
  const found = tally(entries(dues.map((due, n) => card(n, 2, due))), FOCUS, NOW, 3);
  assert.deepEqual(ids(found.overdue), [3, 5, 1]);
  assert.deepEqual(ids(found.next), [4, 2, 7]);
});

test("it is as late as the server says: where the clocks stand still, what counts is when they stopped", () => {
  const paused = card(1, 2, -5, { paused_since: at(-10) });
  const before = card(2, 2, -15, { paused_since: at(-10) });
  const found = tally(entries([paused, before]), FOCUS, NOW, 6);
  assert.equal(found.late, 1);
  // No countdown runs for either.
  assert.deepEqual([found.overdue, found.next], [[], []]);
});

test("a clock that was stopped is not the next", () => {
  const answered = card(1, 2, -5, { first_feedback_at: at(-6) });
  const due = dueOf(answered);
  assert.equal(due?.key, "handling");
  assert.ok(due && !isOverdue(due, NOW));
  assert.equal(dueOf(card(2, 2, -5, { closed_at: at(-1) })), null);
});
