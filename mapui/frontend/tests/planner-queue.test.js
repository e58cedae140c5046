import assert from "node:assert/strict";
import { test } from "node:test";
import { OperationQueue } from "../src/planner/queue.js";
import { PlanStore } from "../src/planner/store.js";
import { RefusedError, UnreachableError } from "../src/ui/asking.js";

/** @param {(address: string, content: any) => any} answer */
function queueOf(answer) {
  /** @type {{ address: string, content: any }[]} */
  const sent = [];
  /** @type {string[]} */
  const states = [];
  let rev = 3;
  /** @type {any} */
  const api = {
    send: (/** @type {string} */ address, /** @type {any} */ content) => {
      sent.push({ address, content });
      return Promise.resolve().then(() => answer(address, content));
    },
  };
  const queue = new OperationQueue(api, {
    rev: () => rev,
    level: () => "area",
    onState: (state) => states.push(state),
    wait: () => Promise.resolve(),
  });
  return {
    queue,
    sent,
    states,
    /** @param {number} now */
    setRev: (now) => {
      rev = now;
    },
  };
}

test("what the network loses is sent again, the same to the letter", async () => {
  let tries = 0;
  const { queue, sent, states, setRev } = queueOf(() => {
    tries += 1;
    setRev(9);
    if (tries < 3) throw new UnreachableError("cut");
    return { seq: 4, rev: 4 };
  });
  const outcome = await queue.draw({ kind: "merge", keep: "u1", others: ["u2"] });
  assert.deepEqual(outcome, { isDone: true, result: { seq: 4, rev: 4 } });
  assert.equal(sent.length, 3);
  assert.deepEqual(sent[1], sent[0]);
  assert.deepEqual(sent[2], sent[0]);
  assert.equal(sent[0]?.content.base_rev, 3);
  assert.deepEqual(states, ["sending", "waiting", "waiting", ""]);
  assert.equal(queue.length, 0);
});

test("a refusal is an answer, and the next one is sent", async () => {
  const { queue, sent } = queueOf((_address, { keep }) => {
    if (keep === "u1") throw new RefusedError(422, { code: "plan.E12", message: "no cut" });
    return { seq: 5 };
  });
  const [refused, done] = await Promise.all([
    queue.draw({ kind: "merge", keep: "u1" }),
    queue.draw({ kind: "merge", keep: "u2" }),
  ]);
  assert.equal(refused.isDone, false);
  assert.equal(done.isDone, true);
  assert.equal(sent.length, 2);
});

test("who is logged out keeps what he drew", async () => {
  let tries = 0;
  const { queue, states } = queueOf(() => {
    tries += 1;
    if (tries === 1) throw new RefusedError(401, { code: "login", message: "Log in first." });
    return { seq: 5 };
  });
  assert.equal((await queue.turn("undo", 7)).isDone, true);
  assert.ok(states.includes("log_in"));
});

test("one waits for the other, and names the revision that it then stands on", async () => {
  /** @type {(value?: any) => void} */
  let let1 = () => undefined;
  const first = new Promise((resolve) => {
    let1 = resolve;
  });
  const { queue, sent, setRev } = queueOf((_address, { keep }) => (keep === "u1" ? first : { seq: 6 }));
  const one = queue.draw({ kind: "merge", keep: "u1" }).then(() => setRev(4));
  const two = queue.draw({ kind: "merge", keep: "u2" });
  await Promise.resolve();
  assert.equal(queue.length, 2);
  let1({ seq: 5 });
  await Promise.all([one, two]);
  assert.deepEqual(
    sent.map(({ content }) => content.base_rev),
    [3, 4],
  );
});

/** @param {string} id */
const zone = (id) => ({ id, properties: { parent: "" } });

/** @param {number} rev @param {string[]} features @param {string[]} [ended] @returns {any} */
const result = (rev, features, ended = []) => ({
  seq: rev,
  rev,
  level: "area",
  features: features.map(zone),
  ended,
  figures: Object.fromEntries(features.map((key) => [key, { households: rev }])),
  undo: rev,
  redo: null,
});

/** @param {any[]} later what the server knows */
function storeAt(later) {
  /** @type {string[]} */
  const asked = [];
  /** @type {any} */
  const api = {
    get: (/** @type {string} */ address) => {
      asked.push(address);
      const after = Number(address.match(/after=(\d+)/)?.[1]);
      return Promise.resolve({ results: later.filter(({ rev }) => rev > after) });
    },
  };
  const store = new PlanStore(
    api,
    /** @type {any} */ ({ level: "area", levels: [{ code: "area" }], may: {} }),
    "me",
  );
  store.rev = 1;
  store.zones = /** @type {any} */ (new Map(["u1", "u2"].map((key) => [key, zone(key)])));
  return { store, asked };
}

test("a result changes its zones, their figures and the revision", async () => {
  const { store, asked } = storeAt([]);
  await store.take(result(2, ["u1", "n2-0"], ["u2"]));
  assert.deepEqual([...store.zones.keys()], ["u1", "n2-0"]);
  assert.equal(store.figures.get("n2-0")?.households, 2);
  assert.equal(store.rev, 2);
  assert.equal(store.plan.undo, 2);
  assert.deepEqual(asked, []);
});

test("what somebody drew between is asked for and applied in its order, each once", async () => {
  const [two, three] = [result(2, ["n2-0"]), result(3, ["u1"], ["n2-0"])];
  const { store } = storeAt([two, three]);
  /** @type {number[]} */
  const told = [];
  store.onChange((_changed, results) => told.push(...results.map(({ rev }) => rev)));
  await store.take(three);
  await store.take(two);
  await Promise.all([store.catchUp(), store.catchUp()]);
  assert.deepEqual(told, [2, 3]);
  assert.deepEqual([...store.zones.keys()].sort(), ["u1", "u2"]);
});
