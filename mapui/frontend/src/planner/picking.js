/**
 * What lies under the pointer. Distances are in degrees of latitude; `squeeze` is the cosine of the latitude,
 * by which a degree of longitude is shorter.
 *
 * @typedef {import("./contract.js").Position} Position
 * @typedef {import("./contract.js").Zone} Zone
 * @typedef {import("./topology.js").Topology} Topology
 */

/** @param {Position} position @param {readonly Position[]} ring @returns {boolean} */
function crossesOddly([lon, lat], ring) {
  let isInside = false;
  for (let n = 1; n < ring.length; n += 1) {
    const [x1, y1] = /** @type {Position} */ (ring[n - 1]);
    const [x2, y2] = /** @type {Position} */ (ring[n]);
    if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) isInside = !isInside;
  }
  return isInside;
}

/** @param {Position} position @param {readonly (readonly Position[])[]} rings holes count as outside @returns {boolean} */
export function isInRings(position, rings) {
  return rings.reduce((isIn, ring) => isIn !== crossesOddly(position, ring), false);
}

/** @param {Zone["geometry"]} geometry @returns {Position[][][]} */
export const polygonsOf = (geometry) =>
  /** @type {Position[][][]} */ (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates);

/** @param {Zone} zone @param {Position} position @returns {boolean} */
export const isInZone = ({ geometry }, position) =>
  polygonsOf(geometry).some((rings) => isInRings(position, rings));

/** @param {Iterable<Zone>} zones @param {Position} position @returns {Zone | undefined} */
export function zoneAt(zones, position) {
  for (const zone of zones) if (isInZone(zone, position)) return zone;
  return undefined;
}

const SAMPLES = 64;

/**
 * The zone that most of a drawn line lies in: the one that it is meant to cut.
 *
 * @param {readonly Zone[]} zones
 * @param {readonly Position[]} line
 * @returns {Zone | undefined}
 */
export function zoneUnder(zones, line) {
  /** @type {Map<Zone, number>} */
  const votes = new Map();
  for (const position of along(line, SAMPLES)) {
    const zone = zoneAt(zones, position);
    if (zone) votes.set(zone, (votes.get(zone) ?? 0) + 1);
  }
  const [best] = [...votes].sort(([, a], [, b]) => b - a);
  return best?.[0];
}

/** @param {readonly Position[]} line @param {number} count @returns {Position[]} places evenly along the line */
function along(line, count) {
  /** @type {number[]} */
  const upTo = [0];
  for (let n = 1; n < line.length; n += 1) {
    const [x1, y1] = /** @type {Position} */ (line[n - 1]);
    const [x2, y2] = /** @type {Position} */ (line[n]);
    upTo.push((upTo[n - 1] ?? 0) + Math.hypot(x2 - x1, y2 - y1));
  }
  const whole = upTo.at(-1) ?? 0;
  return Array.from({ length: count }, (_, n) => {
    const wanted = (whole * (n + 0.5)) / count;
    const leg = Math.max(
      1,
      upTo.findIndex((length) => length >= wanted),
    );
    const [x1, y1] = /** @type {Position} */ (line[leg - 1]);
    const [x2, y2] = /** @type {Position} */ (line[leg] ?? line[leg - 1]);
    const from = upTo[leg - 1] ?? 0;
    const share = (wanted - from) / ((upTo[leg] ?? from) - from || 1);
    return [x1 + share * (x2 - x1), y1 + share * (y2 - y1)];
  });
}

/**
 * @param {Position} position
 * @param {Position} a
 * @param {Position} b
 * @param {number} squeeze
 * @returns {{ distance: number, at: Position }} the nearest place of the straight line from a to b
 */
export function nearestOn([lon, lat], [x1, y1], [x2, y2], squeeze) {
  const [dx, dy] = [(x2 - x1) * squeeze, y2 - y1];
  const [px, py] = [(lon - x1) * squeeze, lat - y1];
  const share = Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy || 1)));
  return {
    distance: Math.hypot(px - share * dx, py - share * dy),
    at: [x1 + share * (x2 - x1), y1 + share * (y2 - y1)],
  };
}

/**
 * @param {Topology} topology
 * @param {Position} position
 * @param {number} reach
 * @param {number} squeeze
 * @returns {number | null} the nearest arc within reach
 */
export function arcNear(topology, position, reach, squeeze) {
  let best = reach;
  /** @type {number | null} */
  let found = null;
  for (const { index } of topology.arcs) {
    const points = topology.points(index);
    for (let n = 1; n < points.length; n += 1) {
      const [a, b] = /** @type {[Position, Position]} */ ([points[n - 1], points[n]]);
      const { distance } = nearestOn(position, a, b, squeeze);
      if (distance < best) [best, found] = [distance, index];
    }
  }
  return found;
}
