/**
 * Marks in the very same place, laid beside each other where the map is near enough: each can be clicked.
 *
 * @typedef {{ id: number, lon: number, lat: number }} Placed
 *
 * @typedef {object} Projection as Leaflet's map has it
 * @property {() => number} getZoom
 * @property {(at: [number, number]) => { x: number, y: number }} project
 * @property {(at: [number, number]) => { lat: number, lng: number }} unproject
 */

const FROM_ZOOM = 17;
/** The golden angle: a spiral of it leaves no gap and no overlap. */
const TURN = Math.PI * (3 - Math.sqrt(5));

/**
 * @template {Placed} T
 * @param {readonly T[]} marks
 * @param {Projection} map
 * @param {number} apart pixels between neighbours
 * @returns {T[]} in the same order; those that were moved are copies
 */
export function fannedOut(marks, map, apart) {
  if (map.getZoom() < FROM_ZOOM) return [...marks];
  /** @type {Map<string, number>} */
  const counts = new Map();
  return marks.map((mark) => {
    const key = `${mark.lon} ${mark.lat}`;
    const before = counts.get(key) ?? 0;
    counts.set(key, before + 1);
    if (before === 0) return mark;
    const { x, y } = map.project([mark.lat, mark.lon]);
    const radius = apart * Math.sqrt(before);
    const angle = before * TURN;
    const { lat, lng } = map.unproject([x + radius * Math.cos(angle), y + radius * Math.sin(angle)]);
    return { ...mark, lon: lng, lat };
  });
}
