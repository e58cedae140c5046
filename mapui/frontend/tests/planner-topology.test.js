import assert from "node:assert/strict";
import { test } from "node:test";

import { Topology } from "../src/planner/topology.js";

/** @typedef {import("../src/planner/contract.js").Position} Position */

const WEST = 114.000000001;
const EAST = 114.003000003;
const MIDDLE = 114.001500002;
const [SOUTH, HALF, NORTH] = [22.500000001, 22.501500007, 22.503000009];

/**
 * @param {string} id
 * @param {Position[]} ring
 * @param {boolean} [isLocked]
 * @returns {import("../src/planner/contract.js").Zone}
 */
const zone = (id, ring, isLocked = false) => ({
  type: "Feature",
  id,
  geometry: { type: "Polygon", coordinates: [[...ring, /** @type {Position} */ (ring[0])]] },
  properties: {
    name: id,
    code: "",
    level: "area",
    parent: "",
    is_locked: isLocked,
    is_new: false,
    is_leaf: true,
    is_changed: false,
    purpose: "",
  },
});

/** Two zones below, one across above: three borders meet at (MIDDLE, HALF). */
const tee = (isLocked = false) => [
  zone("a", [
    [WEST, SOUTH],
    [MIDDLE, SOUTH],
    [114.0014, 22.5007],
    [MIDDLE, HALF],
    [WEST, HALF],
  ]),
  zone("b", [
    [MIDDLE, SOUTH],
    [EAST, SOUTH],
    [EAST, HALF],
    [MIDDLE, HALF],
    [114.0014, 22.5007],
  ]),
  zone(
    "c",
    [
      [WEST, HALF],
      [MIDDLE, HALF],
      [EAST, HALF],
      [EAST, NORTH],
      [WEST, NORTH],
    ],
    isLocked,
  ),
];

/** @param {Topology} topology @param {string[]} zones */
function arcBetween(topology, zones) {
  const arc = topology.arcs.find((one) => [...one.zones].sort().join() === zones.join());
  assert.ok(arc, `no border between ${zones}`);
  return arc;
}

/** @param {Topology} topology @param {string} key @returns {Set<string>} */
const places = (topology, key) => new Set(topology.polygons(key).flat(2).map(String));

/** Each stretch between two positions is there once in each direction, but for the outer border. @param {Topology} topology */
function tilesStill(topology) {
  /** @type {Map<string, number>} */
  const edges = new Map();
  for (const key of ["a", "b", "c"]) {
    for (const ring of topology.polygons(key).flat()) {
      for (let n = 1; n < ring.length; n += 1) {
        const edge = [String(ring[n - 1]), String(ring[n])].sort().join(" ");
        edges.set(edge, (edges.get(edge) ?? 0) + 1);
      }
    }
  }
  const outer = topology.arcs
    .filter(({ index }) => topology.isOuter(index))
    .reduce((sum, { points }) => sum + points.length - 1, 0);
  assert.deepEqual([...new Set(edges.values())].sort(), [1, 2]);
  assert.equal([...edges.values()].filter((times) => times === 1).length, outer);
}

test("every position is the very one that was served", () => {
  const zones = tee();
  const topology = new Topology(zones);
  for (const { id, geometry } of zones) {
    assert.deepEqual(places(topology, id), new Set(geometry.coordinates.flat(1).map(String)));
  }
  tilesStill(topology);
});

test("a border between two zones is one arc, and the outer border belongs to one zone", () => {
  const topology = new Topology(tee());
  assert.equal(arcBetween(topology, ["a", "b"]).points.length, 3);
  assert.equal(topology.arcs.filter(({ zones }) => zones.length === 1).length, 3);
  assert.deepEqual(topology.neighbours().get("c"), new Set(["a", "b"]));
});

test("a vertex that is dragged moves in both its zones and in no other", () => {
  const topology = new Topology(tee());
  const { index } = arcBetween(topology, ["a", "b"]);
  const touched = topology.move(index, 1, [114.0016, 22.5008]);
  assert.deepEqual(touched.zones.sort(), ["a", "b"]);
  assert.deepEqual(touched.arcs, [index]);
  for (const key of ["a", "b"]) assert.ok(places(topology, key).has("114.0016,22.5008"));
  tilesStill(topology);
});

test("a node that is dragged moves in all three zones", () => {
  const topology = new Topology(tee());
  const { index, points } = arcBetween(topology, ["a", "b"]);
  const vertex = String(points[0]) === String([MIDDLE, HALF]) ? 0 : points.length - 1;
  const touched = topology.move(index, vertex, [114.0017, 22.5016]);
  assert.deepEqual(touched.zones.sort(), ["a", "b", "c"]);
  assert.equal(touched.arcs.length, 3);
  for (const key of ["a", "b", "c"]) {
    assert.ok(places(topology, key).has("114.0017,22.5016"));
    assert.ok(!places(topology, key).has(String([MIDDLE, HALF])));
  }
  // Dragged on: from where it is shown, not from where it was served.
  topology.move(index, vertex, [114.0018, 22.5014]);
  assert.ok(places(topology, "c").has("114.0018,22.5014"));
  tilesStill(topology);
});

test("vertices are inserted and left out for both zones; nodes stay", () => {
  const topology = new Topology(tee());
  const { index, points } = arcBetween(topology, ["a", "b"]);
  topology.insert(index, 1, [114.0013, 22.5003]);
  assert.equal(topology.points(index).length, points.length + 1);
  tilesStill(topology);
  topology.remove(index, 1);
  assert.deepEqual(topology.points(index), points);
  topology.remove(index, 0);
  assert.deepEqual(topology.points(index), points);
});

test("a preview that is taken off leaves what was served", () => {
  const topology = new Topology(tee());
  const { index, points } = arcBetween(topology, ["a", "b"]);
  topology.move(index, 1, [114.1, 22.6]);
  const node = String(points[0]) === String([MIDDLE, HALF]) ? 0 : points.length - 1;
  topology.move(index, node, [114.2, 22.7]);
  assert.deepEqual(topology.reset().zones.sort(), ["a", "b", "c"]);
  assert.deepEqual(topology.points(index), points);
});

test("the outer border stays, and so do the points where it is met", () => {
  const topology = new Topology(tee());
  const { index, points } = arcBetween(topology, ["a", "b"]);
  const outer = topology.arcs.find((arc) => topology.isOuter(arc.index));
  assert.equal(topology.hindrance(outer?.index ?? -1), "outer");
  const atBorder = String(points[0]) === String([MIDDLE, SOUTH]) ? 0 : points.length - 1;
  assert.equal(topology.hindrance(index, atBorder), "outer");
  assert.equal(topology.hindrance(index, 1), "");
  assert.equal(topology.hindrance(index), "");
});

test("the border of a locked zone stays, and so does a node that it has a part in", () => {
  const topology = new Topology(tee(true));
  const { index, points } = arcBetween(topology, ["a", "b"]);
  assert.equal(topology.hindrance(arcBetween(topology, ["a", "c"]).index), "locked");
  const node = String(points[0]) === String([MIDDLE, HALF]) ? 0 : points.length - 1;
  assert.equal(topology.hindrance(index, node), "locked");
  assert.equal(topology.hindrance(index, 1), "");
});

test("an island's closed border moves with both its ends", () => {
  /** @type {Position[]} */
  const hole = [
    [114.001, 22.501],
    [114.002, 22.501],
    [114.002, 22.502],
  ];
  const around = zone("around", [
    [WEST, SOUTH],
    [EAST, SOUTH],
    [EAST, NORTH],
    [WEST, NORTH],
  ]);
  /** @type {any} */ (around.geometry.coordinates).push([...hole, hole[0]].toReversed());
  const topology = new Topology([around, zone("island", hole)]);
  const { index } = arcBetween(topology, ["around", "island"]);
  topology.move(index, 0, [114.0009, 22.5009]);
  const points = topology.points(index);
  assert.deepEqual(points[0], points.at(-1));
  for (const key of ["around", "island"]) assert.ok(places(topology, key).has("114.0009,22.5009"));
});
