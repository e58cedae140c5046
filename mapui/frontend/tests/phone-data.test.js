import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { IDBFactory } from "fake-indexeddb";

import { openData } from "../src/phone/data.js";

const DOOR = { api: "/api/", token: () => "", holder: "网格员" };
const realFetch = globalThis.fetch;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

afterEach(() => {
  globalThis.fetch = realFetch;
});

/** @param {unknown} value */
const answer = (value) =>
  new Response(JSON.stringify(value), { headers: { "Content-Type": "application/json" } });

test("a line that stalls shows what is kept, and what comes later is kept for the next time", async () => {
  const data = await openData("worker", DOOR);
  await data.put("tasks", ["old"]);
  /** @type {(response: Response) => void} */
  let arrive = () => undefined;
  const line = new Promise((resolve) => {
    arrive = resolve;
  });
  globalThis.fetch = mock.fn(() => line);
  const read = await data.fresh("tasks", "my/tasks");
  assert.deepEqual([read.value, read.isOld], [["old"], true]);
  arrive(answer(["new"]));
  while ((await data.get("tasks"))[0] !== "new") await new Promise((resolve) => setTimeout(resolve, 5));
});

test("nothing kept: however long it takes; and the server is told whose it is", async () => {
  const data = await openData("worker", DOOR);
  globalThis.fetch = mock.fn((_address, request) => {
    const name = new Headers(request?.headers).get("X-Linge-Holder") ?? "";
    return Promise.resolve(answer(decodeURIComponent(name)));
  });
  const read = await data.fresh("who", "phone/who");
  assert.deepEqual([read.value, read.isOld], ["网格员", false]);
});
