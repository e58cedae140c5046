/**
 * How far a number of pixels reaches on the map.
 *
 * @param {import("leaflet").Map} map
 * @param {number} pixels
 * @returns {{ reach: number, squeeze: number }} degrees of latitude, and the cosine of the latitude
 */
export function reachOf(map, pixels) {
  const squeeze = Math.cos((map.getCenter().lat * Math.PI) / 180);
  return { reach: (pixels * 360 * squeeze) / (256 * 2 ** map.getZoom()), squeeze };
}

/** @param {import("leaflet").Map} map @returns {[number, number, number, number]} what is in sight: west, south, east, north */
export function boxInSight(map) {
  const box = map.getBounds();
  return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
}

/** Metres of a degree of latitude. */
const DEGREE_M = 111_320;

/**
 * @param {{ lon: number, lat: number }} a
 * @param {{ lon: number, lat: number }} b near it
 * @returns {number} metres
 */
export function metresBetween(a, b) {
  const squeeze = Math.cos((a.lat * Math.PI) / 180);
  return DEGREE_M * Math.hypot(b.lat - a.lat, (b.lon - a.lon) * squeeze);
}
