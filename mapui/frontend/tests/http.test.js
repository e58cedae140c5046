import assert from "node:assert/strict";
import { test } from "node:test";

import { grouped } from "../src/cases/groups.js";
import { HttpCommands } from "../src/cases/http.js";

const COMMAND = /** @type {const} */ ({
  kind: "command",
  id: "0192f0e0-0000-7000-8000-000000000001",
  incident: 7,
  action: "accept",
  expected_version: 1,
});

/** @param {number} status @param {unknown} body */
const answer = (status, body) => new Response(JSON.stringify(body), { status });

test("a command goes out under the same id until it is answered", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {any[]} */
  const sent = [];
  const answers = [
    () => Promise.reject(new TypeError("cut off")),
    () => Promise.resolve(answer(503, {})),
    () => Promise.resolve(answer(200, { id: COMMAND.id, incident: 7, version: 2, state: "accepted" })),
  ];
  t.mock.method(
    globalThis,
    "fetch",
    (/** @type {string} */ address, /** @type {RequestInit} */ { body, headers }) => {
      sent.push({ address, headers, ...JSON.parse(String(body)) });
      // The next try waits for a clock that stands still here.
      if (sent.length < answers.length) setImmediate(() => setImmediate(() => t.mock.timers.tick(60_000)));
      return answers[sent.length - 1]?.();
    },
  );
  const done = await new HttpCommands({ api: "/api/incidents/", token: () => "token", holder: "李" }).give(
    COMMAND,
  );
  assert.deepEqual(done, { kind: "done", id: COMMAND.id, incident: 7, version: 2, state: "accepted" });
  assert.equal(sent.length, 3);
  assert.deepEqual(new Set(sent.map(({ id }) => id)), new Set([COMMAND.id]));
  assert.equal(sent[0].address, "/api/incidents/7/actions");
  assert.equal(sent[0].headers["X-CSRFToken"], "token");
  assert.equal(sent[0].headers["X-Linge-Holder"], "%E6%9D%8E");
  assert.equal("incident" in sent[0], false);
});

test("a refusal is an answer, with the server's words", async (t) => {
  const said = { code: "incident.stale", message: "Somebody else was faster.", details: {} };
  t.mock.method(globalThis, "fetch", () => Promise.resolve(answer(409, said)));
  const told = await new HttpCommands({ api: "/api/incidents/", token: () => "" }).give(COMMAND);
  assert.deepEqual(told, { kind: "error", ...said });
});

test("what leads on comes first; nothing is folded away where it is all there is, nor does it lead on", () => {
  /** @param {string[]} names */
  const offers = (...names) =>
    names.map((action) => ({ action, target: null, needs: /** @type {any[]} */ ([]) }));
  /** @param {ReturnType<typeof grouped>} groups */
  const named = ({ first, seldom, words, more }) =>
    [first, seldom, words, more].map((group) => group.map(({ action }) => action));
  assert.deepEqual(named(grouped(offers("void", "accept", "add_note", "attach", "merge"))), [
    ["accept"],
    [],
    ["add_note"],
    ["void", "merge"],
  ]);
  assert.deepEqual(named(grouped(offers("void", "move", "remind"))), [[], ["void", "move"], ["remind"], []]);
});
