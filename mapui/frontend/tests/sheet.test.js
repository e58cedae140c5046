import assert from "node:assert/strict";
import { test } from "node:test";

import { PaintQueue } from "../src/map/pictures.js";
import { seamless, TILE, widthAt } from "../src/map/stretch.js";

test("tiles cover whole pixels at every zoom at which the map rests", () => {
  for (let zoom = 9.5; zoom < 18; zoom += 0.173) {
    const rest = seamless(zoom);
    assert.ok(Math.abs(rest - zoom) < 0.01, `${zoom} becomes ${rest}`);
    const width = TILE * 2 ** (rest - Math.round(rest));
    assert.ok(Math.abs(width - widthAt(rest)) < 1e-9, `${width} at ${rest}`);
    assert.equal(widthAt(rest, 2 * TILE), 2 * widthAt(rest));
  }
  assert.equal(widthAt(12), TILE);
});

/** @param {string} key @returns {any} */
const picture = (key) => ({ key });

test("a picture that is asked for twice is painted once, and one that is gone not at all", async () => {
  /** @type {any[]} */
  const painted = [];
  const queue = new PaintQueue(
    (one) => painted.push(one),
    () => false,
  );
  const [first, gone, last] = [picture("first"), picture("gone"), picture("last")];
  for (const one of [first, gone, last, first]) queue.add(one);
  queue.drop(gone);
  assert.deepEqual(painted, [], "nothing is painted while somebody asks");
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(painted, [first, last]);
  queue.add(first);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(painted, [first, last, first]);
});

test("painting pauses, so that frames come between", async () => {
  /** @type {any[]} */
  const painted = [];
  const queue = new PaintQueue(
    (one) => {
      const end = performance.now() + 9;
      while (performance.now() < end);
      painted.push(one);
    },
    () => false,
  );
  for (const key of ["a", "b", "c"]) queue.add(picture(key));
  /** @type {number[]} */
  const seen = [];
  while (painted.length < 3) {
    await new Promise((resolve) => setTimeout(resolve));
    seen.push(painted.length);
  }
  assert.ok(seen.includes(1) && seen.includes(2), `painted at a stretch: ${seen}`);
});
