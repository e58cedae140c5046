/**
 * Snapping of what is drawn: to a vertex within reach, else to an edge. A snapped vertex is the very position
 * that was served, so that lines meet exactly.
 *
 * @typedef {import("./contract.js").Position} Position
 *
 * @typedef {[west: number, south: number, east: number, north: number]} Box
 * @typedef {{ points: readonly Position[], box: Box }} Line
 *
 * @typedef {object} Snap
 * @property {Position} at
 * @property {"" | "vertex" | "edge"} to what it was drawn to
 */
import { nearestOn } from "./picking.js";

/** The lattice of stored coordinates is 1e-9 of a degree. @param {number} degrees */
const onLattice = (degrees) => Math.round(degrees * 1e9) / 1e9;

/** @param {Position} position @returns {Position} with nine decimals */
export const rounded = ([lon, lat]) => [onLattice(lon), onLattice(lat)];

export class Snapper {
  /** @type {Line[]} */
  #lines = [];

  /** @param {Iterable<readonly Position[]>} lines */
  constructor(lines) {
    for (const points of lines) this.#lines.push({ points, box: boxOf(points) });
  }

  /**
   * @param {Position} position
   * @param {number} reach in degrees of latitude
   * @param {number} squeeze the cosine of the latitude
   * @returns {Snap}
   */
  snap(position, reach, squeeze) {
    const lines = this.#lines.filter(({ box }) => isNear(box, position, reach, reach / squeeze));
    const vertex = nearestVertex(lines, position, reach, squeeze);
    if (vertex) return { at: vertex, to: "vertex" };
    const edge = nearestEdge(lines, position, reach, squeeze);
    return edge ? { at: rounded(edge), to: "edge" } : { at: rounded(position), to: "" };
  }
}

/** @param {Box} box @param {Position} position @param {number} high @param {number} wide */
const isNear = ([west, south, east, north], [lon, lat], high, wide) =>
  lon >= west - wide && lon <= east + wide && lat >= south - high && lat <= north + high;

/** @param {readonly Line[]} lines @param {Position} position @param {number} reach @param {number} squeeze */
function nearestVertex(lines, [lon, lat], reach, squeeze) {
  let nearest = reach;
  /** @type {Position | null} */
  let found = null;
  for (const { points } of lines) {
    for (const here of points) {
      const away = Math.hypot((here[0] - lon) * squeeze, here[1] - lat);
      if (away < nearest) [nearest, found] = [away, here];
    }
  }
  return found;
}

/** @param {readonly Line[]} lines @param {Position} position @param {number} reach @param {number} squeeze */
function nearestEdge(lines, position, reach, squeeze) {
  let nearest = reach;
  /** @type {Position | null} */
  let found = null;
  for (const { points } of lines) {
    for (let n = 1; n < points.length; n += 1) {
      const [a, b] = /** @type {[Position, Position]} */ ([points[n - 1], points[n]]);
      const { distance, at } = nearestOn(position, a, b, squeeze);
      if (distance < nearest) [nearest, found] = [distance, at];
    }
  }
  return found;
}

/** @param {readonly Position[]} points @returns {Box} */
function boxOf(points) {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of points) {
    [west, east] = [Math.min(west, lon), Math.max(east, lon)];
    [south, north] = [Math.min(south, lat), Math.max(north, lat)];
  }
  return [west, south, east, north];
}
