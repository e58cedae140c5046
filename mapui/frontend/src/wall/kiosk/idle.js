/** How long nobody has touched the wall: only then does it do anything by itself. */
export class Idle {
  #touchedAt = performance.now();

  /** @param {Document} page */
  constructor(page) {
    for (const kind of ["pointerdown", "pointermove", "keydown", "wheel"]) {
      page.addEventListener(kind, () => this.touch(), { capture: true, passive: true });
    }
  }

  touch() {
    this.#touchedAt = performance.now();
  }

  /** @param {number} ms @returns {boolean} whether nobody has for so long */
  isFor(ms) {
    return performance.now() - this.#touchedAt >= ms;
  }
}
