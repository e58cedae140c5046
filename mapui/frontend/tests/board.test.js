import assert from "node:assert/strict";
import { test } from "node:test";
import { isEnded, phaseOf } from "../src/layers/states.js";
import { Store } from "../src/live/store.js";
import { Board } from "../src/wall/board.js";

const STATES = ["reported", "accepted", "assigned", "in_progress", "resolved", "closed"];

/** The same numbers each time: mulberry32. @param {number} seed */
function numbers(seed) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

test("whatever happens, the board is what sorting and counting everything anew would give", () => {
  const below = numbers(6);
  const store = new Store((card) => !isEnded(card.state));
  const board = new Board(store);
  const versions = new Map();
  /** @returns {any} */
  const card = () => {
    const id = 1 + below(40);
    const version = (versions.get(id) ?? 0) + 1;
    versions.set(id, version);
    // Two seconds for forty cases: many were received at the same moment.
    const received_at = new Date(1_700_000_000_000 + (id % 3) * 1000).toISOString();
    return { id, version, state: STATES[below(STATES.length)], received_at };
  };
  for (let position = 0; position < 600; position++) {
    const message =
      position % 97 === 0
        ? { kind: "snapshot", position, part: 1, parts: 1, cards: [...store.cards.values()].slice(below(3)) }
        : {
            kind: "events",
            after: position - 1,
            position,
            events: [],
            cards: [card()],
            gone: below(9) ? [] : [1 + below(40)],
          };
    board.take(store.apply(/** @type {any} */ (message)));
    const open = [...store.cards.values()];
    const sorted = open.sort((a, b) => Date.parse(b.received_at) - Date.parse(a.received_at) || b.id - a.id);
    const all = { within: () => true, shows: () => true, most: 100 };
    assert.deepEqual(board.look(all).newest, sorted);
    const even = sorted.filter((one) => one.id % 2 === 0);
    const shown = even.filter((one) => phaseOf(one.state).key !== "new");
    const { counts, newest, total } = board.look({
      within: (one) => one.id % 2 === 0,
      shows: (phase) => phase.key !== "new",
      most: 3,
    });
    assert.deepEqual([newest, total], [shown.slice(0, 3), shown.length]);
    for (const phase of STATES.map(phaseOf)) {
      assert.equal(counts.get(phase) ?? 0, even.filter((one) => phaseOf(one.state) === phase).length);
    }
  }
});
