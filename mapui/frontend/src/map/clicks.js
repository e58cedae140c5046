/** Clicks that draw: which of them are one. */

/** Two this near, in pixels, are one: the second click of a double click. */
const SAME_PX = 6;

/**
 * @typedef {import("../planner/contract.js").Position} Position
 *
 * @param {import("leaflet").Map} map
 * @param {Position} a
 * @param {Position} b
 * @returns {boolean}
 */
export function isSameClick(map, [x, y], [lon, lat]) {
  return map.latLngToLayerPoint([y, x]).distanceTo(map.latLngToLayerPoint([lat, lon])) < SAME_PX;
}
