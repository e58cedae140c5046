import assert from "node:assert/strict";
import { test } from "node:test";
import { Renewal } from "../src/wall/kiosk/renewal.js";

/** A page that nobody touches, with what the browser gives it. @param {import("node:test").TestContext} t */
function page(t) {
  const world = { now: 0, time: "12:00:00", left: true, serves: true, used: 0.1, reloads: 0, kept: 0 };
  /** @type {(() => void)[]} */
  const onFault = [];
  const browser = /** @type {any} */ (globalThis);
  browser.addEventListener = (/** @type {string} */ kind, /** @type {() => void} */ listener) => {
    if (kind === "error") onFault.push(listener);
  };
  browser.location = { reload: () => (world.reloads += 1) };
  t.mock.method(performance, "now", () => world.now);
  Object.defineProperty(performance, "memory", {
    configurable: true,
    get: () => ({ usedJSHeapSize: world.used, jsHeapSizeLimit: 1 }),
  });
  t.mock.method(globalThis, "fetch", () =>
    world.serves ? Promise.resolve({ ok: true }) : Promise.reject(new TypeError()),
  );
  const idle = /** @type {any} */ ({ isFor: () => world.left });
  const renewal = new Renewal(
    idle,
    () => world.time,
    () => {
      world.kept += 1;
    },
  );
  /** @param {number} seconds */
  const pass = async (seconds) => {
    for (let n = 0; n < seconds; n += 10) {
      world.now += 10_000;
      await renewal.tick();
    }
  };
  return { world, pass, fail: () => onFault[0]?.() };
}

test("a wall runs on through the day", async (t) => {
  const { world, pass } = page(t);
  await pass(3600);
  assert.equal(world.reloads, 0);
});

test("it begins anew at night, once, with its view", async (t) => {
  const { world, pass } = page(t);
  await pass(300);
  world.time = "03:30:10";
  await pass(50);
  assert.deepEqual([world.reloads, world.kept], [1, 1]);
});

test("a page that has just begun in that minute doesn't again", async (t) => {
  const { world, pass } = page(t);
  world.time = "03:30:30";
  await pass(60);
  assert.equal(world.reloads, 0);
});

test("it never leaves for a server that isn't there, nor under somebody's hands", async (t) => {
  const { world, pass } = page(t);
  world.used = 0.9;
  world.serves = false;
  await pass(120);
  world.serves = true;
  world.left = false;
  await pass(120);
  assert.equal(world.reloads, 0);
  world.left = true;
  await pass(40);
  assert.equal(world.reloads, 1);
});

test("scripts that fail again and again are begun anew, one fault isn't enough", async (t) => {
  const { world, pass, fail } = page(t);
  fail();
  await pass(120);
  assert.equal(world.reloads, 0);
  for (let n = 0; n < 5; n += 1) fail();
  await pass(40);
  assert.equal(world.reloads, 1);
});
