/**
 * What a wall was looking at, over a reload of its page: this tab's alone, and forgotten once it is read.
 *
 * @typedef {object} View
 * @property {number | null} unit in focus
 * @property {{ lon: number, lat: number, zoom: number }} map
 */

const KEY = "linge.wall.view";

/** @param {View} view */
export function keepView(view) {
  sessionStorage.setItem(KEY, JSON.stringify(view));
}

/** @returns {View | null} */
export function keptView() {
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  try {
    return kept === null ? null : JSON.parse(kept);
  } catch {
    return null;
  }
}
