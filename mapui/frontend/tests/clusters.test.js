import assert from "node:assert/strict";
import { test } from "node:test";
import { Sorted } from "../src/map/clusters/sorting.js";
import { MAX_ZOOM } from "../src/map/clusters/zooms.js";

/** Cases at places, of two parts in turn. @param {readonly [number, number][]} places */
const sorted = (places) =>
  new Sorted({
    ids: Float64Array.from(places, (_place, n) => n + 1),
    lons: Float64Array.from(places, ([lon]) => lon),
    lats: Float64Array.from(places, ([, lat]) => lat),
    parts: Uint8Array.from(places, (_place, n) => n % 2),
    partCount: 2,
    radius: 55,
  });

const WORLD = /** @type {[number, number, number, number]} */ ([-180, -85, 180, 85]);
const CROWD = /** @type {[number, number][]} */ (
  Array.from({ length: 9 }, (_, n) => [119.6 + n * 1e-4, 39.93])
);

test("cases that are near each other are one cluster, and the parts of its ring add up", () => {
  const { clusters, singles } = sorted([...CROWD, [120.9, 39.9]]).within(WORLD, 10);
  assert.deepEqual(singles, [10]);
  assert.deepEqual(
    clusters.map(({ counts }) => counts),
    [[5, 4]],
  );
});

test("two are told apart, and nothing is put together beyond the last zoom", () => {
  assert.deepEqual(sorted(CROWD.slice(0, 2)).within(WORLD, 5), { clusters: [], singles: [1, 2] });
  assert.equal(sorted(CROWD).within(WORLD, MAX_ZOOM + 1).singles.length, 9);
});

test("only what lies in the box is found", () => {
  assert.deepEqual(sorted(CROWD).within([0, 0, 10, 10], 10), { clusters: [], singles: [] });
});

test("a cluster falls apart at the zoom that it tells, and one of before is not known any more", () => {
  const all = sorted(CROWD);
  const [cluster] = all.within(WORLD, 8).clusters;
  const zoom = all.expansionZoom(cluster?.id ?? -1);
  assert.ok(zoom > 8);
  assert.ok(all.within(WORLD, zoom).clusters.length !== 1 || all.within(WORLD, zoom).singles.length > 0);
  assert.equal(all.expansionZoom(123_456_789), 0);
});
