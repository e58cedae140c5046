import assert from "node:assert/strict";
import { test } from "node:test";

import { AGES, ageClass } from "../src/layers/ages.js";
import { Owners, shares } from "../src/layers/shares.js";
import { fannedOut } from "../src/map/fan.js";
import { toGcj02 } from "../src/map/shift.js";
import { pathOf } from "../src/wall/maplayers/tileversions.js";

const HOUR = 3_600_000;

test("places go where the server's own formulas send them", () => {
  // gis_grids.geometry.chinese_offsets.wgs84_to_gcj02
  for (const [from, to] of [
    [
      [116.3913, 39.9075],
      [116.39754118159271, 39.90890127616531],
    ],
    [
      [113.9304, 22.5333],
      [113.93526390060148, 22.53026424918175],
    ],
    [
      [87.6168, 43.8256],
      [87.61964994946926, 43.82680539311119],
    ],
  ]) {
    const [lng = 0, lat = 0] = from ?? [];
    const found = toGcj02({ lat, lng });
    assert.ok(Math.abs(found.lng - Number(to?.[0])) < 1e-7, `${found.lng}`);
    assert.ok(Math.abs(found.lat - Number(to?.[1])) < 1e-7, `${found.lat}`);
  }
});

test("outside of China nothing is shifted", () => {
  assert.deepEqual(toGcj02({ lat: 48.8584, lng: 2.2945 }), { lat: 48.8584, lng: 2.2945 });
});

test("ages have classes, and what comes from the future is new", () => {
  const now = 1000 * HOUR;
  const classes = [-1, 0, 0.99, 1, 3.9, 4, 23, 24, 71, 72, 900].map((hours) =>
    ageClass(now - hours * HOUR, now),
  );
  assert.deepEqual(classes, [0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
  assert.equal(new Set(AGES.map(({ colour }) => colour)).size, AGES.length);
});

/** @type {import("../src/layers/shares.js").Counted[]} */
const UNITS = [
  {
    id: 1,
    households: 1000,
    spans: [
      [1, 1],
      [10, 19],
    ],
  },
  {
    id: 2,
    households: 500,
    spans: [
      [2, 2],
      [20, 29],
      [40, 40],
    ],
  },
  { id: 3, households: 0, spans: [[3, 3]] },
];

test("a case counts in the unit of the level that its own unit lies in", () => {
  const owners = new Owners(UNITS);
  assert.deepEqual(
    [1, 10, 19, 20, 40, 3].map((id) => owners.of(id)),
    [0, 0, 0, 1, 1, 2],
  );
  assert.deepEqual(
    [0, 5, 30, 41].map((id) => owners.of(id)),
    [-1, -1, -1, -1],
  );
});

test("classes stand by the whole's own figure; no cases and no households have none", () => {
  const cases = [10, 11, 40, 40, 40, 40, 3, 99].map((unit) => ({ unit }));
  const { classes, breaks } = shares(UNITS, new Owners(UNITS), cases);
  // Seven cases for 1,500 households are 4.67 of a thousand.
  assert.deepEqual(breaks, [2.3, 4.7, 7, 12]);
  assert.deepEqual(
    [...classes],
    [
      [1, 0],
      [2, 3],
    ],
  );
  assert.equal(shares(UNITS, new Owners(UNITS), []).classes.size, 0);
});

test("cases in the very same place lie beside each other where the map is near", () => {
  const at = (/** @type {number} */ id) => ({ id, lon: 116, lat: 40 });
  const marks = [at(1), at(2), { id: 3, lon: 116.1, lat: 40 }, at(4)];
  /** @param {number} zoom */
  const map = (zoom) => ({
    getZoom: () => zoom,
    project: (/** @type {[number, number]} */ [lat, lon]) => ({ x: lon * 1e5, y: -lat * 1e5 }),
    unproject: (/** @type {[number, number]} */ [x, y]) => ({ lat: -y / 1e5, lng: x / 1e5 }),
  });
  assert.deepEqual(fannedOut(marks, map(16), 20), marks);
  const fanned = fannedOut(marks, map(17), 20);
  assert.deepEqual(
    fanned.map(({ id }) => id),
    [1, 2, 3, 4],
  );
  const places = fanned.map(({ lon, lat }) => [lon * 1e5, lat * 1e5]);
  for (const [n, [x = 0, y = 0]] of places.entries()) {
    for (const [u = 0, v = 0] of places.slice(n + 1)) assert.ok(Math.hypot(x - u, y - v) > 19);
  }
});

test("an address of tiles is compared without host and level, its braces as they are", () => {
  const page = "https://grid.example/wall/";
  for (const told of [
    "/tiles/units/city/3/{z}/{x}/{y}.mvt",
    "https://grid.example/tiles/units/city/3/{z}/{x}/{y}.mvt",
    "https://grid.example/tiles/units/city/3/%7Bz%7D/%7Bx%7D/%7By%7D.mvt",
  ]) {
    assert.equal(pathOf(told, page), "/tiles/units/{level}/3/{z}/{x}/{y}.mvt");
  }
  assert.equal(pathOf("/tiles/base/3/{z}/{x}/{y}.mvt", page), "/tiles/base/3/{z}/{x}/{y}.mvt");
});
