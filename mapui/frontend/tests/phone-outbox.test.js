import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { IDBFactory } from "fake-indexeddb";
import { openDB } from "idb";

import { openOutbox } from "../src/phone/outbox.js";

const REPORT = {
  kind: "report",
  matter: "noise",
  text: "Drilling",
  observed_at: "2026-11-29T08:00:00Z",
  lon: 1,
  lat: 2,
};
const FILE = new Blob(["picture"], { type: "image/jpeg" });
const DECLARED = [{ id: "f", name: "a.jpg", media_type: "image/jpeg", size: 7, sha256: "0" }];

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

/** @param {string} id @param {object} [more] @returns {any} */
const call = (id, more = {}) => ({
  id,
  kind: "call",
  path: `visits/${id}`,
  method: "PUT",
  body: {},
  ...more,
});

/**
 * A database as a former version of the page has left it.
 *
 * @param {number} version
 * @param {object[]} rows
 */
async function leftBy(version, rows) {
  const db = await openDB("linge-outbox-wang", version, {
    upgrade: (made) => void made.createObjectStore("reports", { keyPath: "id" }),
  });
  for (const row of rows) await db.put("reports", row);
  db.close();
}

test("a queue of version 1 is all there after the upgrade, in its order and with its refusals", async () => {
  const sent = { ...REPORT, sent_at: "2026-11-29T08:01:00Z" };
  await leftBy(1, [
    { id: "b", report: { ...sent, id: "b" }, saved: 2, refusal: "Too long." },
    { id: "a", report: { ...sent, id: "a" }, saved: 1, refusal: "" },
  ]);
  const [first, second, ...more] = await (await openOutbox("wang")).all();
  assert.deepEqual(more, []);
  assert.equal(first?.id, "a");
  assert.equal(first?.state, "queued");
  assert.equal(first?.path, "reports/a");
  assert.equal(first?.body.text, "Drilling");
  assert.ok(!("sent_at" in first.body));
  assert.equal(second?.state, "needs_attention");
  assert.equal(second?.refusal, "Too long.");
});

test("a queue of version 2 keeps the bytes of its files, and what had arrived already", async () => {
  const report = { ...REPORT, id: "a", attachments: DECLARED };
  const files = [{ id: "f", blob: FILE, refusal: "" }];
  await leftBy(2, [{ id: "a", report, saved: 1, refusal: "", files, incident: 42 }]);
  const outbox = await openOutbox("wang");
  const [item] = await outbox.all();
  assert.equal(item?.state, "accepted");
  assert.equal(item?.incident, 42);
  assert.equal(item?.files[0]?.name, "a.jpg");
  assert.equal(await (await outbox.blob("f"))?.text(), "picture");
});

test("an item leaves when it is accepted and its last file is complete, and its bytes with it", async () => {
  const outbox = await openOutbox("wang");
  await outbox.keep(call("a", { files: [{ id: "f", name: "a.jpg", blob: FILE }] }));
  await outbox.update("a", (item) => ({ ...item, state: "accepted" }));
  assert.equal((await outbox.all()).length, 1);
  await outbox.updateFile("a", "f", (file) => ({ ...file, isDone: true }));
  assert.deepEqual(await outbox.all(), []);
  assert.equal(await outbox.blob("f"), undefined);
});

test("what is kept twice is there once, and a clock that was set back doesn't change the order", async () => {
  const outbox = await openOutbox("wang");
  await outbox.keep(call("b"));
  const { now } = Date;
  Date.now = () => now() - 3_600_000;
  try {
    await outbox.keep(call("a"));
    await outbox.keep(call("b"));
  } finally {
    Date.now = now;
  }
  assert.deepEqual(
    (await outbox.all()).map(({ id }) => id),
    ["b", "a"],
  );
});

test("lesson 2: a draft that is opened twice goes under two ids, with its files", async () => {
  const outbox = await openOutbox("wang");
  const draft = { id: "d1", kind: "report", text: "half", files: [{ id: "f1" }] };
  await outbox.saveDraft(draft, [{ id: "f1", blob: FILE }]);
  const second = await outbox.claimDraft("d1", (each) => ({ ...each, id: "d2", files: [{ id: "f2" }] }));
  assert.equal(second.text, "half");
  assert.equal(await (await outbox.blob("f2"))?.text(), "picture");
  await outbox.saveDraft({ ...draft, files: [] }); // the first tab writes on
  assert.deepEqual((await outbox.drafts()).map(({ id }) => id).sort(), ["d1", "d2"]);
});

test("a draft becomes an item in one step, and the item that it corrects goes with it", async () => {
  const outbox = await openOutbox("wang");
  await outbox.keep(call("old", { files: [{ id: "f", blob: FILE }] }));
  const draft = await outbox.draftOf("old", () => ({ id: "new", files: [{ id: "g" }] }));
  await outbox.keep(call("new", { files: [{ id: "g", size: 7 }] }), { draft: draft.id, replaces: "old" });
  assert.deepEqual(
    (await outbox.all()).map(({ id }) => id),
    ["new"],
  );
  assert.deepEqual(await outbox.drafts(), []);
  assert.equal(await outbox.blob("f"), undefined);
  assert.equal(await (await outbox.blob("g"))?.text(), "picture");
});

test("lesson 8: without a database the memory of the page takes its place, and says so", async () => {
  globalThis.indexedDB = /** @type {any} */ ({
    open: () => {
      throw new DOMException("no", "SecurityError");
    },
  });
  const outbox = await openOutbox("wang");
  assert.equal(outbox.isKept, false);
  await outbox.keep(call("a"));
  assert.equal((await outbox.all()).length, 1);
});

test("the turn to send is had by one, until he lets go, sleeps too long, or is known to be gone", async () => {
  const outbox = await openOutbox("wang");
  assert.equal(await outbox.lease("one", 60_000, false), true);
  assert.equal(await outbox.lease("one", 60_000, false), true);
  assert.equal(await outbox.lease("two", 60_000, false), false);
  assert.equal(await outbox.lease("two", 60_000, true), true);
  await outbox.release("one"); // it isn't his any more
  assert.equal(await outbox.lease("three", 60_000, false), false);
  await outbox.release("two");
  assert.equal(await outbox.lease("three", 60_000, false), true);
  const { now } = Date;
  for (const shift of [61_000, -120_000]) {
    Date.now = () => now() + shift;
    assert.equal(await outbox.lease("one", 60_000, false), true);
    Date.now = now;
    await outbox.release("one");
    await outbox.lease("three", 60_000, false);
  }
});
