import assert from "node:assert/strict";
import { test } from "node:test";

import { meaningOf, meaningOfMessage } from "../src/phone/answers.js";
import { ask, NoLineError } from "../src/phone/line.js";

const door = { api: "/api/", token: () => "token" };

/** @param {number} status @param {any} body @param {Record<string, string>} [headers] */
const answer = (status, body, headers = {}) => ({ status, body, headers: new Headers(headers) });

/** @param {Response} response */
function serverSays(response) {
  globalThis.fetch = () => Promise.resolve(response);
}

test("lesson 4: a page that answers 200 is no line, whatever it says", async () => {
  for (const type of ["text/html", "text/plain", ""]) {
    serverSays(new Response('{"id": "a"}', { status: 200, headers: { "Content-Type": type } }));
    await assert.rejects(ask(door, "reports/a"), NoLineError);
  }
  serverSays(new Response("<html>", { status: 200, headers: { "Content-Type": "application/json" } }));
  await assert.rejects(ask(door, "reports/a"), NoLineError);
});

test("lesson 4: JSON that names another id, or none, acknowledges nothing", () => {
  assert.equal(meaningOf(answer(200, { ok: true }), "a"), null);
  assert.equal(meaningOf(answer(201, { id: "b", incident: 1 }), "a"), null);
  assert.equal(meaningOf(answer(201, { id: "a", incident: 1 }), "a")?.kind, "accepted");
  assert.equal(meaningOf(answer(200, [{ id: "x" }, { id: "a" }]), "a")?.kind, "accepted");
});

test("an error counts only in our own words", () => {
  assert.equal(meaningOf(answer(401, { error: "portal" }), "a"), null);
  const said = { code: "some.code", message: "A sentence." };
  assert.equal(meaningOf(answer(401, said), "a")?.kind, "log-in");
  for (const status of [400, 403, 404, 409, 413, 422]) {
    assert.deepEqual(meaningOf(answer(status, said), "a"), { kind: "refused", sentence: "A sentence." });
  }
  for (const status of [423, 429, 500, 502, 503, 504, 507]) {
    assert.equal(meaningOf(answer(status, said), "a")?.kind, "later");
  }
  assert.equal(meaningOf(answer(403, { ...said, code: "csrf" }), "a")?.kind, "later");
});

test("too many at once concerns all, for as long as the server says", () => {
  const said = { code: "rate_limited", message: "", details: { retry_after_s: 90 } };
  const expected = { kind: "later", sentence: "", afterMs: 90_000, isForAll: true };
  assert.deepEqual(meaningOf(answer(429, said, { "Retry-After": "90" }), "a"), expected);
  assert.deepEqual(meaningOfMessage(/** @type {any} */ ({ kind: "error", ...said })), expected);
});
