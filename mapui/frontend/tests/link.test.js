import assert from "node:assert/strict";
import { test } from "node:test";
import { backoff } from "../src/live/backoff.js";
import { Link } from "../src/live/link.js";

/** @param {number} heardAt */
const welcomed = (heardAt) => {
  const link = new Link(0);
  link.heard(heardAt);
  link.welcomed(0);
  return link;
};

test("a link is reconnecting until it is welcome, whatever else is heard, then live", () => {
  const link = new Link(0);
  link.heard(500);
  assert.equal(link.status(500), "reconnecting");
  link.welcomed(0);
  link.reached(0);
  assert.equal(link.status(700), "live");
});

test("a closed link is reconnecting, and stale after ten seconds of silence", () => {
  const link = welcomed(1000);
  link.closed();
  assert.equal(link.status(11_000), "reconnecting");
  assert.equal(link.status(11_001), "stale");
});

test("an open link that says nothing is stale too", () => {
  const link = welcomed(1000);
  assert.equal(link.status(11_001), "stale");
  link.heard(12_000);
  assert.equal(link.status(12_000), "live");
});

test("figures are forgotten after a minute", () => {
  const link = welcomed(0);
  assert.ok(!link.isForgotten(60_000));
  assert.ok(link.isForgotten(60_001));
});

test("the waiting times double, are capped, and are spread", () => {
  const most = () => 1 - Number.EPSILON;
  assert.ok(backoff(0, () => 0) >= 250 && backoff(0, most) <= 500);
  assert.ok(backoff(3, () => 0) >= 2000 && backoff(3, most) <= 4000);
  assert.ok(backoff(1000, most) <= 15_000);
});

test("a link that was welcomed catches up until what was missed is there", () => {
  const link = new Link(0);
  link.heard(100);
  link.welcomed(12);
  link.reached(null);
  assert.equal(link.status(200), "catching");
  link.reached(11);
  assert.equal(link.status(200), "catching");
  link.reached(12);
  assert.equal(link.status(200), "live");
  link.fellBehind();
  assert.equal(link.status(200), "catching");
});
