import assert from "node:assert/strict";
import { test } from "node:test";
import { namePlace } from "../src/map/naming.js";
import { groupColours, standing } from "../src/planner/colours.js";
import { isInRings, nearestOn, zoneUnder } from "../src/planner/picking.js";
import { Snapper } from "../src/planner/snapping.js";
import { lineOf } from "../src/planner/tools/drawing.js";

/** @typedef {import("../src/planner/contract.js").Position} Position */

/** @param {number} x @param {number} y @param {number} size @returns {Position[]} */
const square = (x, y, size) => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];

/** @param {string} id @param {Position[]} ring @returns {any} */
const zone = (id, ring) => ({ id, geometry: { type: "Polygon", coordinates: [ring] }, properties: {} });

test("a hole is outside", () => {
  const rings = [square(0, 0, 10), square(4, 4, 2)];
  assert.equal(isInRings([1, 1], rings), true);
  assert.equal(isInRings([5, 5], rings), false);
  assert.equal(isInRings([11, 5], rings), false);
});

test("a line is meant for the zone that most of it lies in", () => {
  const zones = [zone("left", square(0, 0, 10)), zone("right", square(10, 0, 10))];
  assert.equal(zoneUnder(zones, [[8, 5], [19, 5]])?.id, "right"); // biome-ignore format: one line
  assert.equal(zoneUnder(zones, [[1, 5], [9, 5], [11, 6]])?.id, "left"); // biome-ignore format: one line
  assert.equal(zoneUnder(zones, [[30, 5], [40, 5]]), undefined); // biome-ignore format: one line
});

test("the nearest place of a line is measured in metres, not in degrees", () => {
  const { distance, at } = nearestOn([2, 1], [0, 0], [10, 0], 0.5);
  assert.deepEqual(at, [2, 0]);
  assert.equal(distance, 1);
  assert.equal(nearestOn([-2, 0], [0, 0], [10, 0], 0.5).distance, 1);
});

test("a vertex goes before an edge, and is the very position that was served", () => {
  const corner = /** @type {Position} */ ([114.000000003, 22.500000007]);
  const snapper = new Snapper([[corner, [114.001, 22.500000007]]]);
  const near = snapper.snap([114.00001, 22.50001], 0.0001, 0.92);
  assert.deepEqual(near, { at: corner, to: "vertex" });
  const along = snapper.snap([114.0005, 22.50005], 0.0001, 0.92);
  assert.equal(along.to, "edge");
  assert.equal(along.at[1], 22.500000007);
  assert.deepEqual(snapper.snap([114.0005, 22.6], 0.0001, 0.92), { at: [114.0005, 22.6], to: "" });
});

test("what is drawn freely has nine decimals", () => {
  const { at } = new Snapper([]).snap([114.12345678949, 22.12345678951], 1, 1);
  assert.deepEqual(at, [114.123456789, 22.12345679]);
});

test("a line that ends on an edge goes on beyond it, one that ends on a vertex ends there", () => {
  const line = lineOf([
    { at: [114, 22.5], to: "edge" },
    { at: [114.001, 22.5], to: "" },
    { at: [114.002, 22.5], to: "vertex" },
  ]);
  assert.deepEqual(line, [
    [113.99999998, 22.5],
    [114.001, 22.5],
    [114.002, 22.5],
  ]);
});

test("a name stands inside, where there is room", () => {
  // A U whose middle is empty.
  /** @type {Position[]} */
  const ring = [[0, 0], [10, 0], [10, 10], [8, 10], [8, 3], [2, 3], [2, 10], [0, 10], [0, 0]]; // biome-ignore format: a shape
  const place = namePlace([[ring]]);
  assert.ok(place && isInRings(place.at, [ring]));
});

test("standing against the norm: within, out of it, far out; none without a norm", () => {
  const norm = { households: 300, tolerance: 0.2, basis: "" };
  /** @param {number | null} deviation @returns {any} */
  const figures = (deviation) => ({ deviation });
  assert.equal(standing(figures(-0.2), norm), "good");
  assert.equal(standing(figures(0.21), norm), "off");
  assert.equal(standing(figures(-0.41), norm), "far");
  assert.equal(standing(figures(null), norm), "none");
  assert.equal(standing(figures(0.1), null), "none");
});

test("groups side by side have different colours", () => {
  const names = ["a", "b", "c", "d", "e"];
  const beside = new Map(
    names.map((name, n) => [name, new Set(names.filter((_, m) => Math.abs(n - m) === 1))]),
  );
  beside.get("a")?.add("c");
  beside.get("c")?.add("a");
  const colours = groupColours(beside, (name) => name);
  for (const [name, others] of beside) {
    for (const other of others) assert.notEqual(colours.get(name), colours.get(other), `${name} ${other}`);
  }
});
