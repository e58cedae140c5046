import assert from "node:assert/strict";
import { test } from "node:test";
import { bell, density, HEAT, heatColour } from "../src/layers/density.js";

test("a bell is 1 in its middle and comes down on all sides alike", () => {
  const { size, values } = bell(6);
  const at = (/** @type {number} */ x, /** @type {number} */ y) => values[(y + 6) * size + x + 6] ?? 0;
  assert.equal(at(0, 0), 1);
  assert.ok(Math.abs(at(3, 0) - at(0, -3)) < 1e-6);
  assert.ok(at(6, 0) < 0.1 && at(6, 6) < 0.01);
});

test("what is usual takes away what is there", () => {
  const even = density([{ x: 10, y: 10, value: 0 }], 20, 20, 4);
  assert.equal(Math.max(...even), 0);
  const both = density(
    [
      { x: 10, y: 10, value: 3 },
      { x: 10, y: 10, value: -1 },
    ],
    20,
    20,
    4,
  );
  assert.equal(both[10 * 20 + 10], 2);
});

test("nothing is drawn beside the picture, and the edge cuts the bell", () => {
  const beyond = [
    { x: -50, y: 5, value: 9 },
    { x: 5, y: 500, value: 9 },
  ];
  assert.equal(Math.max(...density(beyond, 20, 20, 4)), 0);
  const corner = density(
    [
      { x: 0, y: 0, value: 1 },
      { x: 19, y: 19, value: 2 },
    ],
    20,
    20,
    4,
  );
  assert.equal(corner[0], 1);
  assert.equal(corner.at(-1), 2);
  assert.equal(corner[19], 0);
});

test("the ramp begins with nothing and grows lighter", () => {
  assert.deepEqual(heatColour(0.03), [0, 0, 0, 0]);
  assert.deepEqual(heatColour(Number.NaN), [0, 0, 0, 0]);
  const light = (/** @type {string} */ hex) =>
    [1, 3, 5].map((n) => parseInt(hex.slice(n, n + 2), 16)).reduce((a, b) => a + b);
  const lights = HEAT.map(light);
  assert.deepEqual(
    lights,
    lights.toSorted((a, b) => a - b),
  );
  const [, , , alpha] = heatColour(1);
  assert.ok(alpha > 190);
});
