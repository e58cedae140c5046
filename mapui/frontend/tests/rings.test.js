import assert from "node:assert/strict";
import { test } from "node:test";
import { circle, rectangle } from "../src/map/rings.js";

test("a circle is as wide as high on the ground, and goes through the place that was clicked", () => {
  const [lon, lat] = [116.3, 39.9];
  const ring = circle([lon, lat], [lon, lat + 0.01]);
  const squeeze = Math.cos((lat * Math.PI) / 180);
  for (const [x, y] of ring) {
    assert.ok(Math.abs(Math.hypot((x - lon) * squeeze, y - lat) - 0.01) < 1e-8);
  }
  assert.equal(new Set(ring.map(String)).size, 64);
  assert.ok(ring.some(([x, y]) => Math.abs(x - lon) < 1e-9 && Math.abs(y - lat - 0.01) < 1e-9));
});

test("a rectangle has its four corners whichever is clicked first", () => {
  const corners = (/** @type {readonly (readonly number[])[]} */ ring) => ring.map(String).sort();
  assert.deepEqual(corners(rectangle([2, 3], [1, 1])), corners(rectangle([1, 1], [2, 3])));
});
