/** A thread of its own for sorting cases into clusters: 20,000 of them take longer than a frame. */
import { Sorted } from "./sorting.js";

/**
 * @typedef {{ number: number, sort?: import("./sorting.js").Cases, within?: { box: import("./sorting.js").Box,
 *   zoom: number }, expansionZoom?: number }} Wish the number comes back with the answer; sorting has none
 */

/** @type {Sorted | null} */
let sorted = null;

addEventListener("message", ({ data }) => {
  const { number, sort, within, expansionZoom } = /** @type {Wish} */ (data);
  if (sort) sorted = new Sorted(sort);
  else if (within) {
    postMessage({ number, answer: sorted?.within(within.box, within.zoom) ?? { clusters: [], singles: [] } });
  } else if (expansionZoom !== undefined) {
    postMessage({ number, answer: sorted?.expansionZoom(expansionZoom) ?? 0 });
  }
});
