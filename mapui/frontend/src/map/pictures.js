/** The pictures of tiles, painted one after the other so that no frame waits for all of them. */

/** So long is painted at a stretch, milliseconds; the browser then takes some times as long for what was painted. */
const SLICE_MS = 8;

/**
 * @typedef {object} Picture a tile on the map
 * @property {HTMLCanvasElement} canvas
 * @property {{ x: number, y: number, z: number }} coords
 * @property {() => void} onDone hears that it is painted
 * @property {Map<string, any> | null} data what it is painted from
 * @property {OffscreenCanvas | null} steady what changes seldom, as it was painted last
 * @property {boolean} isPainted before: most are painted once, and need no copy
 * @property {number} turn counts what was asked for it: an answer to an earlier question comes too late
 */

export class PaintQueue {
  /** @type {Set<Picture>} */
  #waiting = new Set();
  #isRunning = false;

  /**
   * @param {(picture: Picture) => void} paint
   * @param {() => boolean} isMoving whether the map moves: each frame is to come soon then, and has one picture
   */
  constructor(paint, isMoving) {
    this.paint = paint;
    this.isMoving = isMoving;
  }

  /** @param {Picture} picture */
  add(picture) {
    this.#waiting.add(picture);
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#wait();
  }

  /** @param {Picture} picture */
  drop(picture) {
    this.#waiting.delete(picture);
  }

  #wait() {
    if (this.isMoving()) requestAnimationFrame(() => this.#run());
    else setTimeout(() => this.#run());
  }

  #run() {
    const end = performance.now() + (this.isMoving() ? 0 : SLICE_MS);
    for (const picture of this.#waiting) {
      this.#waiting.delete(picture);
      this.paint(picture);
      if (performance.now() >= end) break;
    }
    this.#isRunning = this.#waiting.size > 0;
    if (this.#isRunning) this.#wait();
  }
}
