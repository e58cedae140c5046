/** Waiting times between attempts: doubling, capped, with full jitter, so that walls don't return in step. */

const FIRST_MS = 500;
const CAP_MS = 15_000;

/**
 * @param {number} attempt 0 for the first retry
 * @param {() => number} [random] in [0, 1)
 * @param {number} [capMs] the longest there is
 * @returns {number} milliseconds to wait
 */
export function backoff(attempt, random = Math.random, capMs = CAP_MS) {
  const ceiling = Math.min(capMs, FIRST_MS * 2 ** Math.min(attempt, 16));
  return ceiling * (0.5 + random() / 2);
}
