/**
 * Where the name of a zone stands, how wide it may be, and whether it covers another.
 *
 * @typedef {import("../planner/contract.js").Position} Position
 * @typedef {{ left: number, top: number, right: number, bottom: number }} Box in pixels
 */

/** Heights of the box at which a line is laid through the zone. */
const LINES = [0.5, 0.4, 0.6, 0.3, 0.7];

/**
 * The middle of the widest stretch that a level line has inside of the zone.
 *
 * @param {readonly (readonly (readonly Position[])[])[]} polygons
 * @returns {{ at: Position, width: number } | null} the width in degrees of longitude
 */
export function namePlace(polygons) {
  const rings = polygons.flat();
  const lats = rings.flat().map(([, lat]) => lat);
  if (lats.length === 0) return null;
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  /** @type {{ at: Position, width: number } | null} */
  let best = null;
  for (const share of LINES) {
    const lat = south + share * (north - south);
    const crossings = rings.flatMap((ring) => crossingsOf(ring, lat)).sort((a, b) => a - b);
    for (let n = 1; n < crossings.length; n += 2) {
      const [from, to] = [crossings[n - 1] ?? 0, crossings[n] ?? 0];
      if (to - from > (best?.width ?? 0) * 1.15) best = { at: [(from + to) / 2, lat], width: to - from };
    }
  }
  return best;
}

/** @param {readonly Position[]} ring @param {number} lat @returns {number[]} longitudes at which it crosses */
function crossingsOf(ring, lat) {
  /** @type {number[]} */
  const found = [];
  for (let n = 1; n < ring.length; n += 1) {
    const [x1, y1] = /** @type {Position} */ (ring[n - 1]);
    const [x2, y2] = /** @type {Position} */ (ring[n]);
    if (y1 > lat !== y2 > lat) found.push(x1 + ((lat - y1) * (x2 - x1)) / (y2 - y1));
  }
  return found;
}

/** @param {Box} a @param {Box} b */
export const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
