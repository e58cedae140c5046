/**
 * Flies to what is most urgent, if nobody is at the wall, and back again; and lets an unattended wall look at
 * one unit after the other.
 */

/** Nobody for so long: nobody minds. */
const IDLE_MS = 60_000;
const STAY_MS = 20_000;
/** A view has to be read before it goes. */
const VIEW_MS = 20_000;

export class Pilot {
  #backAt = Number.POSITIVE_INFINITY;
  #viewedAt = 0;
  #next = 0;
  /** @type {number | null} the unit that the tour began at */
  #home = null;
  #isOnTour = false;

  /**
   * @param {import("./idle.js").Idle} idle
   * @param {import("../focus.js").Focus} focus
   * @param {{ fly: (lon: number, lat: number) => void, back: () => void, turn: () => void }} does `turn` shows the
   *   next of what shares a place beside the map
   */
  constructor(idle, focus, does) {
    this.idle = idle;
    this.focus = focus;
    this.does = does;
    this.isRotating = false;
  }

  /** Something urgent happened there. @param {{ lon: number, lat: number }} place */
  visit({ lon, lat }) {
    if (!this.idle.isFor(IDLE_MS)) return;
    this.does.fly(lon, lat);
    this.#backAt = performance.now() + STAY_MS;
  }

  /** Come back, or go on to the next view; call it each second. */
  tick() {
    const now = performance.now();
    if (!this.idle.isFor(IDLE_MS)) {
      this.#backAt = Number.POSITIVE_INFINITY;
      this.#isOnTour = false;
      return;
    }
    if (this.#backAt !== Number.POSITIVE_INFINITY) {
      if (now < this.#backAt) return;
      this.#backAt = Number.POSITIVE_INFINITY;
      this.#viewedAt = now;
      this.does.back();
    } else if (this.isRotating && now - this.#viewedAt >= VIEW_MS) {
      this.#viewedAt = now;
      this.#view();
    }
  }

  /** The unit itself, then each of its children, and from the start. */
  #view() {
    if (!this.#isOnTour) {
      this.#isOnTour = true;
      this.#home = this.focus.unit?.id ?? null;
      this.#next = 0;
      this.stops = this.focus.children.map(({ id }) => id);
    }
    const stops = [...(this.stops ?? []), this.#home];
    this.focus.set(stops[this.#next % stops.length] ?? null);
    this.#next += 1;
    this.does.turn();
  }
}
