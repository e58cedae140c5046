import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Sender } from "../src/phone/sender.js";

/**
 * An outbox in memory, with the part of the interface that the sender uses.
 *
 * @param {string[]} ids
 * @returns {any}
 */
const outboxOf = (...ids) => {
  let waiting = ids.map((id) => ({ id, report: { kind: "report", id }, refusal: "", incident: null }));
  return {
    all: () => Promise.resolve(waiting),
    /** @param {string} id */
    arrived: (id) => {
      waiting = waiting.filter((each) => each.id !== id);
    },
    /** @param {string} id @param {string} refusal */
    refuse: (id, refusal) => {
      for (const each of waiting) if (each.id === id) each.refusal = refusal;
    },
  };
};

/** @type {any} */
let outbox;
/** @type {string[]} */
let sent;
/** @type {any} */
let sender;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  outbox = outboxOf("a", "b");
  sent = [];
  /** @param {any} message */
  const send = (message) => sent.push(message.id) > 0;
  sender = new Sender(outbox, send, () => {});
});

/**
 * Let time pass, and what it set going come to rest.
 *
 * @param {number} ms
 */
async function pass(ms) {
  mock.timers.tick(ms);
  for (let n = 0; n < 10; n++) await Promise.resolve();
}

const tooMany = { kind: "error", code: "rate_limited", message: "", id: "a", details: { retry_after_s: 90 } };

test("one after the other, the oldest first", async () => {
  await sender.flush();
  assert.deepEqual(sent, ["a"]);
  await sender.acknowledged({ id: "a" });
  assert.deepEqual(sent, ["a", "b"]);
});

test("a report without an answer is sent again, also when another one was written meanwhile", async () => {
  await sender.flush();
  await pass(5_000);
  await sender.flush();
  await pass(5_000);
  assert.deepEqual(sent, ["a", "a"]);
});

test("who is told to wait keeps the report and sends it again after that time, not before", async () => {
  await sender.flush();
  await sender.refused(tooMany);
  assert.equal((await outbox.all())[0].refusal, "");
  await pass(89_000);
  await sender.flush(); // a new report was written
  await sender.restart(); // the line was away
  assert.deepEqual(sent, ["a"]);
  await pass(1_000);
  assert.deepEqual(sent, ["a", "a"]);
  await sender.acknowledged({ id: "a" });
  assert.deepEqual(sent, ["a", "a", "b"]);
});

test("a server that can't store it now is asked again by itself", async () => {
  await sender.flush();
  await sender.refused({ kind: "error", code: "unavailable", message: "", id: "a", details: {} });
  await pass(10_000);
  assert.deepEqual(sent, ["a", "a"]);
});

test("a report that is wrong waits for its writer, and the next one goes", async () => {
  await sender.flush();
  await sender.refused({ kind: "error", code: "text.too_long", message: "Too long.", id: "a", details: {} });
  assert.equal((await outbox.all())[0].refusal, "Too long.");
  assert.deepEqual(sent, ["a", "b"]);
});
