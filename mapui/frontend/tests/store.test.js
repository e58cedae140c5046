import assert from "node:assert/strict";
import { test } from "node:test";
import { Store } from "../src/live/store.js";

/** @param {number} id @param {number} version @param {string} [state] @returns {any} */
const card = (id, version, state = "reported") => ({ id, version, state });
/** @param {number} seq @param {number} incident @returns {any} */
const event = (seq, incident) => ({ seq, at: "", incident, action: "report", to_state: "reported" });
/** @param {any} parts @returns {any} */
const events = (parts) => ({ kind: "events", events: [], cards: [], ...parts });

/** @param {any} parts @returns {any} */
const snapshot = (parts) => ({ kind: "snapshot", part: 1, parts: 1, cards: [], ...parts });

const at7 = () => {
  const store = new Store();
  store.apply(snapshot({ position: 7, cards: [card(1, 2)] }));
  return store;
};

test("a snapshot replaces everything", () => {
  const store = at7();
  const outcome = store.apply(snapshot({ position: 9, cards: [card(3, 1)] }));
  assert.deepEqual([...store.cards.keys()], [3]);
  assert.equal(store.position, 9);
  assert.ok(outcome.replaced);
});

test("events before any snapshot are a gap", () => {
  const store = new Store();
  assert.ok(store.apply(events({ after: 0, position: 1 })).gap);
  assert.equal(store.position, null);
});

test("events that join on are applied, and are new", () => {
  const store = at7();
  const outcome = store.apply(events({ after: 7, position: 9, events: [event(9, 2)], cards: [card(2, 1)] }));
  assert.deepEqual(
    outcome.events.map(({ seq }) => seq),
    [9],
  );
  assert.equal(store.position, 9);
  assert.ok(store.cards.has(2));
});

test("events that don't join on change nothing and ask for a hello", () => {
  const store = at7();
  assert.ok(store.apply(events({ after: 8, position: 9, cards: [card(2, 1)] })).gap);
  assert.equal(store.position, 7);
  assert.ok(!store.cards.has(2));
});

test("a batch seen before does nothing, an overlapping one tells only what is new", () => {
  const store = at7();
  assert.deepEqual(store.apply(events({ after: 5, position: 7, events: [event(6, 1)] })).events, []);
  const { events: fresh } = store.apply(
    events({ after: 5, position: 8, events: [event(6, 1), event(8, 1)], cards: [card(1, 3)] }),
  );
  assert.deepEqual(
    fresh.map(({ seq }) => seq),
    [8],
  );
});

test("a card never goes back to an older version", () => {
  const store = at7();
  store.apply(events({ after: 7, position: 8, cards: [card(1, 1)] }));
  assert.equal(store.cards.get(1)?.version, 2);
});

test("what isn't to be kept goes", () => {
  const store = new Store(({ state }) => state !== "closed");
  store.apply(snapshot({ position: 1, cards: [card(1, 1)] }));
  store.apply(events({ after: 1, position: 2, cards: [card(1, 2, "closed")] }));
  assert.equal(store.cards.size, 0);
});

test("a tick moves the position forward only, and brings the figures", () => {
  const store = at7();
  /** @type {any} */
  const figures = { today: 1 };
  store.apply({ kind: "tick", position: 12, now: "", figures });
  store.apply({ kind: "tick", position: 3, now: "" });
  assert.equal(store.position, 12);
  assert.equal(store.figures, figures);
});

test("what the listener may not see any more goes, and comes back when it may be seen again", () => {
  const store = at7();
  store.apply(events({ after: 7, position: 8, events: [event(8, 1)], gone: [1] }));
  assert.ok(!store.cards.has(1));
  store.apply(events({ after: 8, position: 9, events: [event(9, 1)], cards: [card(1, 4)] }));
  assert.equal(store.cards.get(1)?.version, 4);
});

test("a case merged into another leaves the wall, its master stays", () => {
  const store = new Store((one) => one.state !== "duplicate");
  store.apply(snapshot({ position: 1, cards: [card(1, 1), card(2, 1)] }));
  store.apply(events({ after: 1, position: 3, cards: [card(1, 2, "duplicate"), card(2, 2)] }));
  assert.deepEqual([...store.cards.keys()], [2]);
});

test("a snapshot in parts replaces everything at its last part, and no sooner", () => {
  const store = at7();
  assert.ok(!store.apply(snapshot({ position: 9, parts: 2, cards: [card(3, 1)] })).replaced);
  assert.deepEqual([store.position, [...store.cards.keys()]], [7, [1]]);
  const last = { position: 9, part: 2, parts: 2, cards: [card(4, 1)], last_at: "2026-11-21T08:00:00Z" };
  assert.ok(store.apply(snapshot(last)).replaced);
  assert.deepEqual([store.position, [...store.cards.keys()], store.lastAt], [9, [3, 4], last.last_at]);
});

test("a snapshot that was cut off leaves nothing behind in the next", () => {
  const store = at7();
  store.apply(snapshot({ position: 8, parts: 2, cards: [card(5, 1)] }));
  store.apply(snapshot({ position: 9, cards: [card(3, 1)] }));
  assert.deepEqual([...store.cards.keys()], [3]);
});

test("what changed and what came down is told by difference", () => {
  const store = new Store((one) => one.state !== "closed");
  store.apply(snapshot({ position: 7, cards: [card(1, 2), card(2, 1)] }));
  const cards = [card(1, 3, "closed"), card(2, 2), card(3, 1), card(4, 1, "closed")];
  const { changed, removed } = store.apply(events({ after: 7, position: 11, cards, gone: [9] }));
  assert.deepEqual([changed.map(({ id }) => id), removed], [[2, 3], [1]]);
});
