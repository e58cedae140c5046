import assert from "node:assert/strict";
import { test } from "node:test";
import { Pilot } from "../src/wall/kiosk/pilot.js";

/** A wall that nobody touches while `left` is so, its clock, and what it did. @param {import("node:test").TestContext} t */
function wall(t) {
  const idle = { left: true, isFor: () => idle.left };
  let now = 1_000_000;
  t.mock.method(performance, "now", () => now);
  /** @type {string[]} */
  const done = [];
  const focus = {
    unit: { id: 1 },
    children: [{ id: 2 }, { id: 3 }],
    set: (/** @type {number} */ id) => done.push(`at ${id}`),
  };
  const pilot = new Pilot(/** @type {any} */ (idle), /** @type {any} */ (focus), {
    fly: (lon, lat) => done.push(`to ${lon} ${lat}`),
    back: () => done.push("back"),
    turn: () => undefined,
  });
  /** @param {number} seconds */
  const pass = (seconds) => {
    for (let n = 0; n < seconds; n += 1) {
      now += 1000;
      pilot.tick();
    }
  };
  return { pilot, idle, done, pass };
}

test("it flies to what is urgent, and comes back after a while", (t) => {
  const { pilot, done, pass } = wall(t);
  pilot.visit({ lon: 1, lat: 2 });
  pass(19);
  assert.deepEqual(done, ["to 1 2"]);
  pass(2);
  assert.deepEqual(done, ["to 1 2", "back"]);
  pass(60);
  assert.equal(done.length, 2);
});

test("it never moves a map that somebody uses, neither there nor back", (t) => {
  const { pilot, idle, done, pass } = wall(t);
  idle.left = false;
  pilot.visit({ lon: 1, lat: 2 });
  assert.deepEqual(done, []);
  idle.left = true;
  pilot.visit({ lon: 1, lat: 2 });
  idle.left = false;
  pass(60);
  assert.deepEqual(done, ["to 1 2"]);
});

test("a kiosk looks at one child after the other, and at the whole again", (t) => {
  const { pilot, done, pass } = wall(t);
  pass(100);
  assert.deepEqual(done, []);
  pilot.isRotating = true;
  pass(81);
  assert.deepEqual(done, ["at 2", "at 3", "at 1", "at 2", "at 3"]);
});
