/**
 * A wall runs for months. It begins anew each night, when its memory fills, and when its scripts fail again and
 * again; never without the server to begin from, and never under somebody's hands. The view is kept.
 */

/** In the district's zone: the quietest hour. */
const AT = "03:30";
const IDLE_MS = 120_000;
/** Chromium ends a page that reaches its limit; before that the page begins anew by itself. */
const FULL = 0.7;
/** So many faults within so long are no accident. */
const FAULTS = 5;
const WITHIN_MS = 60_000;
const CHECK_MS = 30_000;
const PATIENCE_MS = 5000;

export class Renewal {
  /** @type {number[]} when scripts failed, milliseconds */
  #faults = [];
  #checkedAt = performance.now();
  #startedAt = performance.now();
  #isLeaving = false;

  /**
   * @param {import("./idle.js").Idle} idle
   * @param {() => string} time hh:mm:ss in the district's zone
   * @param {() => void} keep what is to be seen again
   */
  constructor(idle, time, keep) {
    this.idle = idle;
    this.time = time;
    this.keep = keep;
    for (const kind of ["error", "unhandledrejection"]) {
      addEventListener(kind, () => this.#faults.push(performance.now()));
    }
  }

  /** Begin anew, if it is time to; call it each second. */
  async tick() {
    const now = performance.now();
    if (this.#isLeaving || now - this.#checkedAt < CHECK_MS) return;
    this.#checkedAt = now;
    if (!(this.idle.isFor(IDLE_MS) && this.#isDue(now) && (await isServing()))) return;
    this.#isLeaving = true;
    this.keep();
    location.reload();
  }

  /** @param {number} now */
  #isDue(now) {
    this.#faults = this.#faults.filter((at) => now - at < WITHIN_MS);
    // Once in the minute of the night: a page that has just begun anew in it doesn't again.
    const isNight = this.time().startsWith(AT) && now - this.#startedAt > 2 * WITHIN_MS;
    return isNight || this.#faults.length >= FAULTS || usedShare() > FULL;
  }
}

/** @returns {Promise<boolean>} whether a page that began now would come up */
async function isServing() {
  try {
    return (await fetch("/healthz", { signal: AbortSignal.timeout(PATIENCE_MS), cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

/** @returns {number} the used share of what the page may use; 0 where the browser doesn't tell */
function usedShare() {
  const memory = /** @type {any} */ (performance).memory;
  return memory ? memory.usedJSHeapSize / memory.jsHeapSizeLimit : 0;
}
