import assert from "node:assert/strict";
import { test } from "node:test";
import { isEnded } from "../src/layers/states.js";
import { Past } from "../src/wall/time/past.js";

const START = Date.parse("2026-11-20T00:00:00Z");
const HOUR = 3_600_000;

/** @param {number} hours @returns {string} */
const at = (hours) => new Date(START + hours * HOUR).toISOString();

/** @param {number} id @param {number} version @param {any} [changes] @returns {any} */
const card = (id, version, changes = {}) => ({
  id,
  version,
  state: "reported",
  received_at: at(0),
  first_feedback_at: null,
  first_handling_at: null,
  resolved_at: null,
  closed_at: null,
  paused_since: null,
  feedback_due_at: at(2),
  handling_due_at: at(3),
  resolve_due_at: at(4),
  ...changes,
});

/** @param {number} hours @param {any} shown @param {string} [action] @returns {any} */
const event = (hours, shown, action = "report") => ({
  seq: hours,
  at: at(hours),
  incident: shown?.id ?? 9,
  action,
  to_state: shown?.state ?? "",
  card: shown,
});

const MOMENT = [
  { at: at(0), cards: [card(1, 1)], today: 5, next: 1 },
  { at: at(0), cards: [card(9, 1)], today: 5, next: null },
];
const PAGES = [
  {
    events: [
      event(1, card(2, 1, { received_at: at(1) })),
      event(2, card(1, 2, { state: "closed" }), "close"),
    ],
    next: "a",
  },
  { events: [event(5, null, "move")], next: null },
];

/** @returns {Promise<{ past: Past, asked: string[] }>} */
async function begun() {
  const [moment, pages] = [[...MOMENT], [...PAGES]];
  /** @type {string[]} */
  const asked = [];
  const read = (/** @type {string} */ address) => {
    asked.push(address);
    return Promise.resolve(address.startsWith("history/at") ? moment.shift() : pages.shift());
  };
  const span = {
    from: "2026-11-20T00:00:00",
    until: (/** @type {number} */ from) => from + 24 * HOUR,
    unit: 7,
  };
  const past = new Past(read, span, ({ state }) => !isEnded(state));
  assert.ok(await past.begin());
  return { past, asked };
}

test("a replay begins with all pages of what was open, of the unit that is looked at", async () => {
  const { past, asked } = await begun();
  assert.deepEqual([...past.store.cards.keys()], [1, 9]);
  assert.deepEqual([past.at, past.until], [START, START + 24 * HOUR]);
  assert.ok(asked.every((address) => address.includes("unit=7")));
  assert.ok(asked[1]?.includes("after=1"));
});

test("it doesn't run ahead of what is loaded, and goes on when more is there", async () => {
  const { past } = await begun();
  past.advance(START + 20 * HOUR);
  assert.equal(past.at, START + 2 * HOUR);
  assert.deepEqual([...past.store.cards.keys()].sort(), [2, 9]);
  await past.more();
  const events = past.advance(START + 20 * HOUR);
  assert.deepEqual(
    events.map(({ action }) => action),
    ["move"],
  );
  assert.deepEqual([...past.store.cards.keys()], [2]);
  assert.equal(past.at, START + 20 * HOUR);
});

test("what happens later has not happened yet, and the figures are those of the moment", async () => {
  const { past } = await begun();
  past.advance(START + 1.5 * HOUR);
  const { today, open, late } = past.store.figures ?? {};
  assert.deepEqual([today, open, late], [6, 3, 0]);
  assert.deepEqual(past.board.look({ within: () => true, shows: () => true, most: 1 }).newest[0]?.id, 2);
  past.advance(START + 2 * HOUR);
  assert.deepEqual([past.store.figures?.open, past.store.figures?.late], [2, 2]);
});

test("what can't be read is no past", async () => {
  const past = new Past(
    () => Promise.resolve(undefined),
    { from: "", until: (from) => from, unit: null },
    () => true,
  );
  assert.equal(await past.begin(), false);
});
