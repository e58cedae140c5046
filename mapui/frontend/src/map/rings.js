/**
 * Outlines of what is drawn with two clicks, as corners in lon/lat. Areas are small: a degree of longitude is as
 * long everywhere in one.
 *
 * @typedef {[lon: number, lat: number]} Position
 */

/** So many corners stand for a circle. */
const CORNERS = 64;
/** Decimals of a degree that are sent: 0.1 mm. */
const DECIMALS = 9;

/** @param {Position} a a corner @param {Position} b the opposite one @returns {Position[]} */
export const rectangle = ([west, south], [east, north]) => [
  rounded(west, south),
  rounded(east, south),
  rounded(east, north),
  rounded(west, north),
];

/** @param {Position} centre @param {Position} edge a place on the circle @returns {Position[]} */
export function circle([lon, lat], edge) {
  const squeeze = Math.cos((lat * Math.PI) / 180);
  const radius = Math.hypot((edge[0] - lon) * squeeze, edge[1] - lat);
  return Array.from({ length: CORNERS }, (_, n) => {
    const turn = (2 * Math.PI * n) / CORNERS;
    return rounded(lon + (radius * Math.cos(turn)) / squeeze, lat + radius * Math.sin(turn));
  });
}

/** @param {number} lon @param {number} lat @returns {Position} */
export const rounded = (lon, lat) => [Number(lon.toFixed(DECIMALS)), Number(lat.toFixed(DECIMALS))];
