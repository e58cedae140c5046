import L from "leaflet";

/**
 * @typedef {[west: number, south: number, east: number, north: number]} Extent in degrees
 */

/** @param {Extent} extent @returns {L.LatLngBounds} */
const bounds = ([west, south, east, north]) => new L.LatLngBounds([south, west], [north, east]);

/** How far out of the district one may look: its own size on every side. */
const MARGIN = 1;
/** Near enough to see the buildings around a place. */
const NEAR_ZOOM = 17.5;

/**
 * Show the district whole, and keep the map near it.
 *
 * @param {L.Map} map
 * @param {Extent} extent
 */
export function fitExtent(map, extent) {
  const box = bounds(extent);
  // Whole zooms would waste up to half of a big screen; tiles are scaled a little instead.
  map.options.zoomSnap = 0.25;
  map.fitBounds(box, { animate: false });
  map.setMaxBounds(box.pad(MARGIN));
  map.setMinZoom(Math.max(3, map.getZoom() - 2));
}

/**
 * Bring a place into view, near enough to see its buildings; nearer views are left as they are.
 *
 * @param {L.Map} map
 * @param {number} lon
 * @param {number} lat
 * @param {number} [covered] pixels at the right edge that something else covers
 */
export function showPlace(map, lon, lat, covered = 0) {
  const zoom = Math.max(NEAR_ZOOM, map.getZoom());
  const animate = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const centre = map.project([lat, lon], zoom).add([covered / 2, 0]);
  map.setView(map.unproject(centre, zoom), zoom, { animate });
}
