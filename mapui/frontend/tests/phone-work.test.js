import assert from "node:assert/strict";
import { test } from "node:test";
import { responsibleAt } from "../src/phone/map/ground.js";
import { followUp, keepDeed, refusedElsewhere, withDeeds } from "../src/phone/today/deeds.js";
import { byBuilding, found, grouped, withWaiting } from "../src/phone/visits/round.js";

/** @param {object} [changes] @returns {any} */
const household = (changes = {}) => ({
  id: 1,
  householder: "张*",
  address: "幸福里 1 号",
  size: 2,
  building: 7,
  entrance: 1,
  room: "101",
  lon: 116.3,
  lat: 39.9,
  last_at: null,
  last_result: "",
  met_at: null,
  is_due: true,
  ...changes,
});

/** @param {string} path @param {object} body @param {object} [changes] @returns {any} */
const item = (path, body, changes = {}) => ({
  id: path,
  kind: "call",
  path,
  body,
  state: "queued",
  ...changes,
});

/** @param {object} [changes] @returns {any} */
const task = (changes = {}) => ({
  card: { id: 5, version: 3, state: "assigned", matter: "light", ...changes },
  text: "",
  scheduled_for: null,
  actions: [{ action: "take", target: "in_progress", needs: [] }],
});

const deed = (/** @type {string} */ action, /** @type {object} */ changes = {}) =>
  item("incidents/5/actions", { action, expected_version: 3 }, { id: action, ...changes });

test("a visit that waits shows at once, and nobody at home leaves the household due", () => {
  const round = { households: [household(), household({ id: 2 })], buildings: [], left_out: 0 };
  const at = "2026-11-28T10:00:00Z";
  const visits = [
    item("phone/visits/a", { household: 1, at, result: "met" }),
    item("phone/visits/b", { household: 2, at, result: "not_at_home" }),
  ];
  const [met, away] = withWaiting(round, visits);
  assert.deepEqual([met?.last_result, met?.is_due, met?.isWaiting], ["met", false, true]);
  assert.deepEqual([away?.last_result, away?.is_due], ["not_at_home", true]);
});

test("a visit that was refused changes nothing; a pin that waits moves the household", () => {
  const round = { households: [household()], buildings: [], left_out: 0 };
  const refused = item(
    "phone/visits/a",
    { household: 1, at: "", result: "met" },
    { state: "needs_attention" },
  );
  const pin = item("phone/places/b", { household: 1, lon: 1, lat: 2, accuracy_m: null });
  const [one] = withWaiting(round, [refused, pin]);
  assert.deepEqual([one?.last_result, one?.lon, one?.lat], ["", 1, 2]);
});

test("households are found by all the words, and stand by building with those due first", () => {
  const all = [
    household({ id: 1, room: "202", is_due: false }),
    household({ id: 2, room: "1001" }),
    household({ id: 3, room: "201" }),
    household({ id: 4, building: null, address: "河沿 3 号", is_due: false }),
  ];
  assert.deepEqual(
    found(all, " 幸福里  20 ").map(({ id }) => id),
    [1, 3],
  );
  const building = { id: 7, name: "", address: "幸福里 1 号", lon: 1, lat: 2 };
  const groups = grouped(all, [building]);
  assert.deepEqual(
    groups.map(({ due, households }) => [due, ...households.map(({ id }) => id)]),
    [
      [2, 3, 2, 1],
      [0, 4],
    ],
  );
  assert.deepEqual(byBuilding({ households: all, buildings: [building], left_out: 0 }), [
    { id: 7, lon: 1, lat: 2, count: 3, due: 2 },
  ]);
});

test("who is responsible is known inside a grid, not in its hole, and not beyond what was read", () => {
  const square = (/** @type {number} */ a, /** @type {number} */ b) => [
    [a, a],
    [b, a],
    [b, b],
    [a, b],
    [a, a],
  ];
  const ground = /** @type {any} */ ({
    areas: {
      features: [
        {
          properties: { is_mine: true, chain: [1, 2] },
          geometry: { type: "MultiPolygon", coordinates: [[square(0, 9), square(4, 5)]] },
        },
      ],
    },
    units: { 1: { unit_id: 1, name: "Street" }, 2: { unit_id: 2, name: "Group" } },
  });
  const here = responsibleAt(ground, 1, 1);
  assert.deepEqual(
    here?.chain.map(({ name }) => name),
    ["Street", "Group"],
  );
  assert.equal(here?.isMine, true);
  assert.equal(responsibleAt(ground, 4.5, 4.5), null);
  assert.equal(responsibleAt(ground, 10, 1), null);
  assert.equal(responsibleAt(undefined, 1, 1), null);
});

test("a task shows what was done with it before the server has heard, and what can follow", () => {
  const taken = withDeeds(task(), [deed("take")]);
  assert.equal(taken.card.state, "in_progress");
  assert.deepEqual(
    taken.actions.map(({ action }) => action),
    ["resolve"],
  );
  const refused = withDeeds(task(), [deed("take", { state: "needs_attention", refusal: "Too late" })]);
  assert.deepEqual([refused.card.state, refused.refused.length], ["assigned", 1]);
});

test("a refusal for a case that is mine no more is not lost", () => {
  const refused = deed("take", { state: "needs_attention" });
  assert.deepEqual(refusedElsewhere([refused], []), [refused]);
  assert.deepEqual(refusedElsewhere([refused], [task()]), []);
});

test("a second deed rests on the first one's outcome, and on its real version once that is known", async () => {
  /** @type {any[]} */
  const kept = [];
  const outbox = /** @type {any} */ ({
    keep: (/** @type {any} */ what) => kept.push({ ...what, state: "queued" }),
    all: () => Promise.resolve(kept),
    update: (/** @type {string} */ id, /** @type {(item: any) => any} */ change) => {
      const n = kept.findIndex((each) => each.id === id);
      kept[n] = change(kept[n]);
    },
  });
  const words = { action: (/** @type {string} */ code) => code, matter: () => ({ name: "" }) };
  const context = /** @type {any} */ ({ outbox, words });
  await keepDeed(context, withDeeds(task(), kept), "take");
  await keepDeed(context, withDeeds(task(), kept), "resolve", { note: "Done" });
  assert.deepEqual(
    kept.map(({ body }) => [body.action, body.expected_version]),
    [
      ["take", 3],
      ["resolve", 4],
    ],
  );
  // A file of the case arrived in between: the version is not the next one.
  await followUp(outbox, kept[0], { version: 5 });
  assert.equal(kept[1].body.expected_version, 5);
});

test("the pictures of a deed are declared before it, under the id of the first", async () => {
  /** @type {any[]} */
  const kept = [];
  const words = { action: () => "", matter: () => ({ name: "" }) };
  const context = /** @type {any} */ ({
    outbox: { keep: (/** @type {any} */ what) => kept.push(what) },
    words,
  });
  const picture = /** @type {any} */ ({
    declared: { id: "p1", name: "a.jpg", size: 3 },
    blob: new Blob(["abc"]),
  });
  await keepDeed(context, withDeeds(task(), []), "resolve", { note: "Done", pictures: [picture] });
  assert.deepEqual(
    kept.map(({ id, path }) => [id === "p1", path]),
    [
      [true, "incidents/5/attachments"],
      [false, "incidents/5/actions"],
    ],
  );
  assert.equal(kept[0].body.purpose, "result");
});
