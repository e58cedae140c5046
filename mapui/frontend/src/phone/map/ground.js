/**
 * Who is responsible at a place, as far as it was read ahead: the smallest units of the worker and those next
 * door, with all units of their chains.
 *
 * @typedef {object} Post
 * @property {string} kind
 * @property {boolean} is_deputy
 * @property {number | null} holder_id
 * @property {string} holder_name
 * @property {string} contact the telephone of the service
 *
 * @typedef {object} Responsible a unit and who has its posts
 * @property {number} unit_id
 * @property {string} level
 * @property {string} name
 * @property {readonly Post[]} posts
 *
 * @typedef {[number, number]} Position lon, lat in degrees
 *
 * @typedef {object} Area
 * @property {{ is_mine: boolean, chain: number[] }} properties
 * @property {{ type: string, coordinates: any }} geometry
 *
 * @typedef {object} Ground as `GET /api/phone/ground` gives it
 * @property {{ features: Area[] }} areas
 * @property {Record<string, Responsible>} units
 */

/**
 * @param {Ground | undefined} ground
 * @param {number} lon
 * @param {number} lat
 * @returns {{ chain: Responsible[], isMine: boolean } | null} null: nothing was read about that place
 */
export function responsibleAt(ground, lon, lat) {
  const area = ground?.areas.features.find(({ geometry }) => covers(geometry, lon, lat));
  if (!(ground && area)) return null;
  const chain = area.properties.chain.flatMap((id) => ground.units[id] ?? []);
  return { chain, isMine: area.properties.is_mine };
}

/** @param {Area["geometry"]} geometry @param {number} lon @param {number} lat */
function covers({ type, coordinates }, lon, lat) {
  /** @type {Position[][][]} */
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  return polygons.some((rings) => rings.filter((ring) => surrounds(ring, lon, lat)).length % 2 === 1);
}

/** By the even-odd rule: a ray to the east crosses the ring an odd number of times. @param {Position[]} ring @param {number} lon @param {number} lat */
function surrounds(ring, lon, lat) {
  let isInside = false;
  for (let n = 1; n < ring.length; n++) {
    const [ax, ay] = /** @type {Position} */ (ring[n - 1]);
    const [bx, by] = /** @type {Position} */ (ring[n]);
    if (ay > lat !== by > lat && lon < ((bx - ax) * (lat - ay)) / (by - ay) + ax) isInside = !isInside;
  }
  return isInside;
}
