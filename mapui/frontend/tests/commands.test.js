import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Commands } from "../src/live/commands.js";

/** @returns {any} */
const command = () => ({ kind: "command", id: "a", incident: 1, action: "accept", expected_version: 1 });

/** @param {any[]} sent */
const commandsInto = (sent) =>
  new Commands((message) => {
    sent.push(message.id);
    return true;
  });

test("a command is sent once, and its promise is its answer", async () => {
  /** @type {string[]} */
  const sent = [];
  const commands = commandsInto(sent);
  const answer = commands.give(command());
  commands.resend();
  /** @type {any} */
  const done = { kind: "done", id: "a", incident: 1, version: 2, state: "accepted" };
  assert.ok(commands.answered(done));
  assert.equal(await answer, done);
  assert.deepEqual(sent, ["a"]);
});

test("without an answer it is sent again under the same id, until it is answered", (context) => {
  context.mock.timers.enable({ apis: ["Date"] });
  /** @type {string[]} */
  const sent = [];
  const commands = commandsInto(sent);
  commands.give(command());
  context.mock.timers.tick(5000);
  commands.resend();
  assert.deepEqual(sent, ["a", "a"]);
  commands.answered({ kind: "error", id: "a", code: "incident.stale", message: "" });
  context.mock.timers.tick(5000);
  commands.resend();
  assert.equal(sent.length, 2);
});

test("a server that is busy is asked again later; nobody is told that it failed", (context) => {
  context.mock.timers.enable({ apis: ["Date"] });
  /** @type {string[]} */
  const sent = [];
  const commands = commandsInto(sent);
  const told = mock.fn();
  commands.give(command()).then(told);
  for (const code of ["unavailable", "rate_limited"]) {
    commands.answered({ kind: "error", id: "a", code, message: "" });
    context.mock.timers.tick(5000);
    commands.resend();
  }
  assert.deepEqual(sent, ["a", "a", "a"]);
  assert.equal(told.mock.callCount(), 0);
});

test("answers to others are left to them", () => {
  const commands = commandsInto([]);
  assert.ok(!commands.answered({ kind: "error", code: "message.not_json", message: "" }));
});
