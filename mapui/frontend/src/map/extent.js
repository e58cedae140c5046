import L from "leaflet";
import { gettext } from "../ui/i18n.js";
import { seamless } from "./stretch.js";

/**
 * @typedef {[west: number, south: number, east: number, north: number]} Extent in degrees
 */

/** @param {Extent} extent @returns {L.LatLngBounds} */
const bounds = ([west, south, east, north]) => new L.LatLngBounds([south, west], [north, east]);

/** How far out of the district one may look: its own size on every side. */
const MARGIN = 1;
/** Near enough to see the buildings around a place. */
const NEAR_ZOOM = 17.5;

/** Keep the map at zooms at which no edges of tiles are seen. @param {L.Map} map */
function withoutSeams(map) {
  const limited = /** @type {any} */ (map);
  const limit = limited._limitZoom;
  limited._limitZoom = (/** @type {number} */ zoom) => seamless(limit.call(map, zoom));
}

/**
 * Let the scale's bar be as long as its words need on a large screen; django-leaflet makes it for a desk.
 *
 * @param {number} scale of the screen, 1 on a desk
 */
export function stretchScaleBar(scale) {
  L.Control.Scale.mergeOptions({ maxWidth: 100 * scale });
}

/**
 * Name the zoom buttons in the reader's language: django-leaflet makes them before any script of ours runs.
 *
 * @param {L.Map} map
 */
function nameZoom(map) {
  for (const [part, name] of [
    ["in", gettext("Zoom in")],
    ["out", gettext("Zoom out")],
  ]) {
    const button = map.getContainer().querySelector(`.leaflet-control-zoom-${part}`);
    button?.setAttribute("title", name ?? "");
    button?.setAttribute("aria-label", name ?? "");
  }
}

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
  withoutSeams(map);
  nameZoom(map);
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

/**
 * Bring a box into view, whole, clear of what lies over the map.
 *
 * @param {L.Map} map
 * @param {Extent} extent
 */
export function showExtent(map, extent) {
  const animate = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  map.fitBounds(bounds(extent), { animate, padding: [24, 24] });
}

/**
 * Hear of clicks on the map itself: not on a mark, and not while something else takes them. That something
 * says so by `data-tool` on the map's element: drawing, picking a place.
 *
 * @param {L.Map} map
 * @param {(lon: number, lat: number) => void} onPick
 */
export function onPlain(map, onPick) {
  map.on("click", ({ latlng }) => {
    const { lng, lat } = latlng.wrap();
    if (map.getContainer().dataset.tool === undefined) onPick(lng, lat);
  });
}

/** @param {L.Map} map @returns {{ lon: number, lat: number, zoom: number }} what is in view now */
export function viewOf(map) {
  const { lng, lat } = map.getCenter();
  return { lon: lng, lat, zoom: map.getZoom() };
}

/** Show again what was in view. @param {L.Map} map @param {ReturnType<typeof viewOf>} view */
export function showView(map, { lon, lat, zoom }) {
  map.setView([lat, lon], zoom, { animate: false });
}
