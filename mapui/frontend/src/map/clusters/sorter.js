/**
 * What the page knows of the thread that sorts cases into clusters. Wishes are answered in their order: what is asked
 * after cases were given is about those.
 *
 * @typedef {import("./sorting.js").Cases} Cases
 * @typedef {import("./sorting.js").Found} Found
 */

/** A thread that has ended is begun anew after so long: its script may have been away for a moment. */
const AGAIN_MS = 2000;

export class Sorter {
  /** @type {Worker} */
  #worker;
  #asked = 0;
  /** @type {Map<number, (answer: any) => void>} by the number of the wish */
  #waiting = new Map();

  /**
   * @param {string} address of the worker's script
   * @param {() => void} onLost a new thread has taken the place of one that ended: it knows no cases
   */
  constructor(address, onLost) {
    this.address = address;
    this.onLost = onLost;
    this.#worker = this.#begun();
  }

  /** Forget the cases of before, and sort these. @param {Cases} cases given away: their lists are empty afterwards */
  sort(cases) {
    const { ids, lons, lats, parts } = cases;
    this.#worker.postMessage({ sort: cases }, [ids.buffer, lons.buffer, lats.buffer, parts.buffer]);
  }

  /** @param {import("./sorting.js").Box} box @param {number} zoom a whole one @returns {Promise<Found>} */
  within(box, zoom) {
    return this.#ask({ within: { box, zoom } });
  }

  /** @param {number} cluster @returns {Promise<number>} the zoom at which it falls apart; 0 where it isn't known any more */
  expansionZoom(cluster) {
    return this.#ask({ expansionZoom: cluster });
  }

  #begun() {
    const worker = new Worker(this.address, { type: "module" });
    worker.addEventListener("message", ({ data }) => {
      this.#waiting.get(data.number)?.(data.answer);
      this.#waiting.delete(data.number);
    });
    worker.addEventListener("error", () => {
      worker.terminate();
      this.#waiting.clear();
      setTimeout(() => {
        this.#worker = this.#begun();
        this.onLost();
      }, AGAIN_MS);
    });
    return worker;
  }

  /** @param {object} wish @returns {Promise<any>} */
  #ask(wish) {
    const number = ++this.#asked;
    return new Promise((answer) => {
      this.#waiting.set(number, answer);
      this.#worker.postMessage({ number, ...wish });
    });
  }
}
