import assert from "node:assert/strict";
import { test } from "node:test";
import { clocks, lateness } from "../src/ui/lateness.js";
import { duration, stopwatch, zonedTime } from "../src/ui/time.js";

const START = Date.parse("2026-11-21T00:00:00Z");
const minutes = (/** @type {number} */ n) => new Date(START + n * 60_000).toISOString();
const card = {
  opened_at: minutes(0),
  first_feedback_at: null,
  first_handling_at: null,
  resolved_at: null,
  closed_at: null,
  paused_since: null,
  feedback_warn_at: minutes(8),
  handling_warn_at: minutes(48),
  resolve_warn_at: minutes(480),
  feedback_due_at: minutes(10),
  handling_due_at: minutes(60),
  resolve_due_at: minutes(600),
};
const after = (/** @type {number} */ n) => START + n * 60_000;

test("durations use two units at most", () => {
  assert.deepEqual([-5, 59, 60, 3599, 3600, 90_000].map(duration), [
    "0 s",
    "59 s",
    "1 min",
    "59 min",
    "1 h 0 min",
    "1 d 1 h",
  ]);
});

test("a stopwatch runs on past an hour and a day", () => {
  assert.deepEqual([0, 247, 3847, 93_600].map(stopwatch), ["00:00", "04:07", "1:04:07", "26:00:00"]);
});

test("times are the district's, not the screen's", () => {
  const time = zonedTime("Asia/Shanghai", "en");
  assert.equal(time.clock("2026-11-20T16:05:09Z"), "00:05:09");
  assert.equal(time.short("2026-11-20T16:05:09Z"), "11-21 00:05");
});

test("a case is good, soon late from its warning on, late at its due time", () => {
  assert.equal(lateness(card, after(7.9)), "good");
  assert.equal(lateness(card, after(8)), "soon");
  assert.equal(lateness(card, after(10)), "late");
});

test("a clock that was stopped no longer makes the case late, and none hides another", () => {
  const answered = { ...card, first_feedback_at: minutes(30) };
  assert.equal(lateness(answered, after(31)), "good");
  assert.equal(clocks(answered, after(31))[0]?.lateness, "late");
  assert.equal(lateness(answered, after(59)), "soon");
});

test("the clocks of a reopened case begin with its reopening", () => {
  const reopened = { ...card, received_at: minutes(-1000), opened_at: minutes(0) };
  assert.equal(lateness(reopened, after(7.9)), "good");
});

test("a case without running clocks is neither", () => {
  const done = {
    ...card,
    first_feedback_at: minutes(1),
    first_handling_at: minutes(2),
    resolved_at: minutes(3),
  };
  assert.equal(lateness(done, after(9999)), "none");
});

test("the warning counts, not a share of the hours of the day: nights may lie between", () => {
  const overnight = { ...card, feedback_warn_at: minutes(900), feedback_due_at: minutes(905) };
  assert.equal(lateness({ ...overnight, first_handling_at: minutes(1) }, after(470)), "good");
  const [feedback] = clocks(overnight, after(900));
  assert.equal(feedback?.lateness, "soon");
  assert.equal(feedback?.share, 0.8);
  assert.equal(clocks(overnight, after(905))[0]?.share, 1);
});

test("a paused case stands still, and was as late as it then was", () => {
  const waiting = { ...card, paused_since: minutes(9) };
  assert.equal(lateness(waiting, after(9999)), "soon");
  const [feedback] = clocks(waiting, after(9999));
  assert.ok(feedback?.isPaused);
  assert.equal(feedback?.at, after(9));
  const answered = { ...waiting, first_feedback_at: minutes(5) };
  assert.ok(!clocks(answered, after(9999))[0]?.isPaused);
});

test("a case that ended without a resolution has no clock running", () => {
  const declined = { ...card, closed_at: minutes(5) };
  assert.equal(lateness(declined, after(9999)), "none");
  assert.equal(clocks(declined, after(9999))[2]?.lateness, "good");
});
