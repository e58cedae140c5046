import assert from "node:assert/strict";
import { test } from "node:test";
import { Focus } from "../src/wall/focus.js";

/** @param {number} id @param {string} level @returns {any} */
const unit = (id, level) => ({ id, code: `u${id}`, level, name: `U${id}`, bbox: [0, 0, 1, 1] });
/** @param {number} id @param {[number, number][]} spans @returns {any} */
const child = (id, spans) => ({ ...unit(id, "community"), households: 5, spans });

/** A street of two communities, the second of which has one area. @type {Record<string, any>} */
const TREE = {
  "/units": { unit: unit(1, "street"), trail: [unit(1, "street")], households: 9 },
  "/units/2": { unit: unit(2, "community"), trail: [unit(1, "street"), unit(2, "community")], households: 4 },
};
TREE["/units"].children = [
  child(2, [
    [2, 2],
    [10, 14],
    [20, 20],
  ]),
  child(3, [[3, 9]]),
];
TREE["/units/2"].children = [];
TREE["/at?lon=1&lat=2&level=community"] = { unit: unit(2, "community") };
TREE["/at?lon=0&lat=0&level=community"] = { unit: null };

/** @param {Record<string, any>} tree */
async function standing(tree = TREE) {
  const focus = new Focus("/", async (address) => (address in tree ? tree[address] : null));
  await focus.set(null);
  return focus;
}

test("a case is the child's in whose spans its unit lies", async () => {
  const focus = await standing();
  const found = [1, 2, 5, 9, 10, 14, 15, 19, 20, 21].map((id) => focus.childOf(id)?.id ?? 0);
  assert.deepEqual(found, [0, 2, 3, 3, 2, 2, 0, 0, 2, 0]);
});

test("the top holds everything, a unit below it only its own", async () => {
  const focus = await standing();
  assert.ok(focus.isTop && focus.contains(999));
  await focus.set(2);
  assert.ok(!focus.isTop && focus.contains(2) && !focus.contains(3));
});

test("a click goes down to the child at that place, and nowhere where none is", async () => {
  const focus = await standing();
  await focus.enter(0, 0);
  assert.equal(focus.unit?.id, 1);
  await focus.enter(1, 2);
  assert.equal(focus.unit?.id, 2);
});

test("one goes up to the top and no further", async () => {
  const focus = await standing();
  await focus.set(2);
  assert.ok(focus.up());
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(focus.unit?.id, 1);
  assert.ok(!focus.up());
});

test("a unit that has been closed leads back to the top", async () => {
  const tree = { ...TREE };
  const focus = await standing(tree);
  await focus.set(2);
  delete tree["/units/2"];
  await focus.set(2);
  assert.equal(focus.unit?.id, 1);
});

test("while the server is away, what is shown stays", async () => {
  const tree = { ...TREE };
  const focus = await standing(tree);
  tree["/units/2"] = undefined;
  await focus.set(2);
  assert.equal(focus.unit?.id, 1);
});

test("who has gone on meanwhile isn't brought back by a late answer", async () => {
  /** @type {((step: any) => void)[]} */
  const answers = [];
  const focus = new Focus("/", (address) =>
    address === "/units" ? TREE[address] : new Promise((resolve) => answers.push(resolve)),
  );
  await focus.set(null);
  const late = focus.set(2);
  await focus.set(null);
  answers[0]?.(TREE["/units/2"]);
  await late;
  assert.equal(focus.unit?.id, 1);
});
