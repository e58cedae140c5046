import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { IDBFactory } from "fake-indexeddb";

import { NoLineError } from "../src/phone/line.js";
import { openOutbox } from "../src/phone/outbox.js";
import { MOST_WAIT_MS, Sender } from "../src/phone/sender.js";
import { Turn } from "../src/phone/turn.js";

/** @typedef {import("../src/phone/answers.js").Meaning} Meaning */

const YES = /** @type {Meaning} */ ({ kind: "accepted", incident: 7, answer: {} });
/** @param {number} [afterMs] @param {boolean} [isForAll] @returns {Meaning} */
const later = (afterMs = 0, isForAll = false) => ({ kind: "later", sentence: "Busy.", afterMs, isForAll });
const noLine = () => Promise.reject(new NoLineError("cut"));

/** @type {any} */
let outbox;
/** @type {string[]} what went, in order */
let sent;
/** @type {number} */
let now;
/** @type {(id: string) => Meaning | Promise<Meaning>} */
let answer;
/** @type {(id: string, at: number) => any} */
let answerPiece;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  outbox = await openOutbox("wang");
  sent = [];
  now = Date.now();
  answer = () => YES;
  answerPiece = () => ({ received: 7, isComplete: true });
});

/** @param {object} [more] */
const sender = (more = {}) =>
  new Sender({
    outbox,
    turn: { take: (work) => work(() => Promise.resolve(true)).then(() => true) },
    send: ({ id }) => {
      sent.push(id);
      return Promise.resolve(answer(id));
    },
    sendPiece: ({ id, sent: at }) => {
      sent.push(`${id}@${at}`);
      return Promise.resolve(answerPiece(id, at));
    },
    isQuiet: () => true,
    now: () => now,
    random: () => 0,
    ...more,
  });

/** @param {string} id @param {string[]} [files] */
const keep = (id, files = []) =>
  outbox.keep({
    id,
    kind: "report",
    path: `reports/${id}`,
    method: "PUT",
    body: {},
    files: files.map((file) => ({ id: file, blob: new Blob(["picture"]) })),
  });

/** @param {string} id */
const item = async (id) => (await outbox.all()).find((/** @type {any} */ each) => each.id === id);

test("lesson 5: texts first, the oldest before the others, and files after all of them", async () => {
  await keep("a", ["f", "g"]);
  await keep("b");
  await sender().wake();
  assert.deepEqual(sent, ["a", "b", "f@0", "g@0"]);
  assert.deepEqual(await outbox.all(), []);
});

test("a text that is written while a file goes doesn't wait for its end", async () => {
  await keep("a", ["f"]);
  const here = sender();
  answerPiece = async (_id, at) => {
    if (at === 0) {
      await keep("b");
      here.wake();
    }
    return { received: at + 3, isComplete: at >= 3 };
  };
  await here.wake();
  assert.deepEqual(sent, ["a", "f@0", "b", "f@3"]);
});

test("lesson 3: only an acknowledgement takes an item out; a cut line leaves it and ends the round", async () => {
  await keep("a");
  await keep("b");
  answer = noLine;
  const here = sender();
  await here.wake();
  assert.deepEqual(sent, ["a"]);
  assert.equal(here.status, "no-line");
  assert.equal((await item("a")).state, "retry_wait");
  assert.equal((await item("a")).tries, 1);
  answer = () => YES;
  await here.wake(); // too early
  assert.deepEqual(sent, ["a"]);
  await here.wake({ isNews: true });
  assert.deepEqual(sent, ["a", "a", "b"]);
  assert.equal(here.status, "");
});

test("lesson 6: one that is stuck holds up nobody, and waits longer each time", async () => {
  await keep("stuck");
  await keep("b");
  answer = (id) => (id === "stuck" ? later() : YES);
  const here = sender();
  await here.wake();
  assert.deepEqual(sent, ["stuck", "b"]);
  /** @type {number[]} */
  const waits = [];
  for (let n = 0; n < 14; n++) {
    const { nextAt } = await item("stuck");
    waits.push(nextAt - now);
    now = nextAt;
    await here.wake();
  }
  assert.ok(waits.every((wait, n) => n === 0 || wait >= (waits[n - 1] ?? 0)));
  assert.ok(waits.every((wait) => wait <= MOST_WAIT_MS));
  assert.ok((waits.at(-1) ?? 0) >= MOST_WAIT_MS / 2);
});

test("a refused one waits for its writer with the server's sentence; by hand it goes again", async () => {
  await keep("a");
  answer = () => ({ kind: "refused", sentence: "Too long." });
  const here = sender();
  await here.wake();
  assert.equal((await item("a")).state, "needs_attention");
  assert.equal((await item("a")).refusal, "Too long.");
  await here.wake({ byHand: true }); // what needs attention is not sent blindly
  assert.deepEqual(sent, ["a"]);
  await outbox.retry("a");
  answer = () => YES;
  await here.wake();
  assert.deepEqual(await outbox.all(), []);
});

test("an expired log-in stops all and loses none", async () => {
  await keep("a", ["f"]);
  await keep("b");
  answer = () => ({ kind: "log-in" });
  const here = sender();
  await here.wake();
  assert.deepEqual(sent, ["a"]);
  assert.equal(here.status, "log-in");
  assert.equal((await item("a")).state, "auth_needed");
  assert.equal((await outbox.all()).length, 2);
  answer = () => YES;
  await here.wake({ isNews: true });
  assert.deepEqual(await outbox.all(), []);
});

test("whom the server tells when to come again comes then, not before, whatever is news", async () => {
  await keep("a");
  answer = () => later(90_000, true);
  const here = sender();
  await here.wake();
  answer = () => YES;
  now += 89_000;
  await here.wake({ isNews: true, byHand: true });
  assert.deepEqual(sent, ["a"]);
  now += 1_000;
  await here.wake();
  assert.deepEqual(sent, ["a", "a"]);
});

test("a clock that is set back by a year stops nothing", async () => {
  await keep("a");
  answer = () => later(60_000);
  const here = sender();
  await here.wake();
  now -= 365 * 24 * 3_600_000;
  answer = () => YES;
  await here.wake();
  assert.deepEqual(await outbox.all(), []);
});

test("lesson 6: a file goes on from the byte that the server has, also after a restart", async () => {
  await keep("a", ["f"]);
  answerPiece = (_id, at) => (at === 0 ? { received: 3, isComplete: false } : noLine());
  await sender().wake();
  assert.equal((await item("a")).files[0].sent, 3);
  answerPiece = () => ({ received: 7, isComplete: true });
  await sender().wake(); // another page: nothing but the database is left of the first
  assert.deepEqual(sent, ["a", "f@0", "f@3", "f@3"]);
  assert.deepEqual(await outbox.all(), []);
});

test("a file that always arrives otherwise is given up after some starts, and the next one goes", async () => {
  await keep("a", ["f", "g"]);
  answerPiece = (id) => (id === "f" ? { again: true } : { received: 7, isComplete: true });
  await sender().wake();
  const [bad, good] = (await item("a")).files;
  assert.notEqual(bad.refusal, "");
  assert.equal(good.isDone, true);
});

test("lesson 7: two senders at once send each item once", async () => {
  await keep("a");
  await keep("b");
  const [one, two] = [1, 2].map(() => sender({ turn: new Turn(outbox, "lock", undefined) }));
  await Promise.all([one?.wake(), two?.wake()]);
  assert.deepEqual(sent.toSorted(), ["a", "b"]);
});

test("lesson 7: a holder that died while sending is followed at the end of its lease", async () => {
  await keep("a");
  await outbox.update("a", (/** @type {any} */ each) => ({ ...each, state: "sending", tries: 1 }));
  await outbox.lease("dead", 90_000, false);
  const here = sender({ turn: new Turn(outbox, "lock", undefined) });
  await here.wake();
  assert.deepEqual(sent, []);
  const real = Date.now;
  Date.now = () => real() + 91_000;
  try {
    await here.wake();
  } finally {
    Date.now = real;
  }
  assert.deepEqual(sent, ["a"]);
});
