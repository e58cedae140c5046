/** Small pictures that come again and again: drawn once, and put where they are wanted, pixel upon pixel. */

/** Screens and scales change seldom; a map that has seen many begins anew. */
const MOST = 1000;

export class Stamps {
  /** @type {Map<string, ImageBitmap>} */
  #made = new Map();
  /** Pixels of the canvas for one of the map's. */
  #ratio = 1;

  /** What follows is put on this canvas. @param {CanvasRenderingContext2D} context */
  fit(context) {
    const { a: ratio } = context.getTransform();
    if (ratio === this.#ratio && this.#made.size < MOST) return;
    this.#ratio = ratio;
    this.#made.clear();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {string} key tells one stamp from the other
   * @param {{ x: number, y: number }} at its middle
   * @param {number} reach how far it goes from there
   * @param {(pen: OffscreenCanvasRenderingContext2D) => void} draw around 0, 0
   */
  put(context, key, at, reach, draw) {
    const ratio = this.#ratio;
    const half = Math.ceil(reach * ratio);
    let stamp = this.#made.get(key);
    if (!stamp) {
      stamp = drawn(half, ratio, draw);
      this.#made.set(key, stamp);
    }
    const side = (2 * half) / ratio;
    const [left, top] = [Math.round(at.x * ratio) - half, Math.round(at.y * ratio) - half];
    context.drawImage(stamp, left / ratio, top / ratio, side, side);
  }
}

/** @param {number} half @param {number} ratio @param {(pen: OffscreenCanvasRenderingContext2D) => void} draw @returns {ImageBitmap} */
function drawn(half, ratio, draw) {
  const canvas = new OffscreenCanvas(2 * half, 2 * half);
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.setTransform(ratio, 0, 0, ratio, half, half);
  draw(pen);
  return canvas.transferToImageBitmap();
}
