/** Cases sorted into clusters. Pure: runs in the worker (./worker.js), and in tests. */
import Supercluster from "supercluster";
import { MAX_ZOOM } from "./zooms.js";

/**
 * @typedef {object} Cases what is known of the cases without drawing them, one place in each list for each case
 * @property {Float64Array} ids
 * @property {Float64Array} lons degrees
 * @property {Float64Array} lats degrees
 * @property {Uint8Array} parts which part of a cluster's ring each one belongs to
 * @property {number} partCount
 * @property {number} radius of what is put together, pixels
 *
 * @typedef {[west: number, south: number, east: number, north: number]} Box degrees
 *
 * @typedef {object} Cluster
 * @property {number} id for `expansionZoom`, as long as no other cases are sorted
 * @property {number} lon
 * @property {number} lat
 * @property {number[]} counts of the parts
 *
 * @typedef {{ clusters: Cluster[], singles: number[] }} Found singles by the ids of their cases
 */

/** Two cases side by side can still be told apart. */
const FEWEST = 3;

/** The cases of a moment, in clusters for every zoom. */
export class Sorted {
  /** @type {Supercluster<{ id: number, part: number }, { counts: number[] }>} */
  #index;

  /** @param {Cases} cases */
  constructor({ ids, lons, lats, parts, partCount, radius }) {
    const ones = Array.from({ length: partCount }, (_, part) =>
      Array.from({ length: partCount }, (_none, n) => Number(n === part)),
    );
    this.#index = new Supercluster({
      maxZoom: MAX_ZOOM,
      minPoints: FEWEST,
      radius,
      extent: 256,
      map: ({ part }) => ({ counts: ones[part] ?? [] }),
      reduce: (sum, { counts }) => {
        // A new list: the object is a copy, what it holds is not.
        sum.counts = sum.counts.map((count, n) => count + (counts[n] ?? 0));
      },
    });
    this.#index.load(
      Array.from(ids, (id, n) => ({
        type: "Feature",
        geometry: { type: "Point", coordinates: [lons[n] ?? 0, lats[n] ?? 0] },
        properties: { id, part: parts[n] ?? 0 },
      })),
    );
  }

  /** @param {Box} box @param {number} zoom a whole one @returns {Found} what lies in the box */
  within(box, zoom) {
    /** @type {Found} */
    const found = { clusters: [], singles: [] };
    for (const { geometry, properties } of this.#index.getClusters(box, zoom)) {
      const [lon = 0, lat = 0] = geometry.coordinates;
      if ("cluster_id" in properties) {
        found.clusters.push({ id: properties.cluster_id, lon, lat, counts: properties.counts });
      } else found.singles.push(properties.id);
    }
    return found;
  }

  /** @param {number} cluster @returns {number} the zoom at which it falls apart; 0 where it isn't known any more */
  expansionZoom(cluster) {
    try {
      return this.#index.getClusterExpansionZoom(cluster);
    } catch {
      return 0;
    }
  }
}
