/** Base maps of others, as pictures. Those drawn in GCJ-02 are laid where they fit the rest. */
import L from "leaflet";
import { toGcj02 } from "./shift.js";

/**
 * @typedef {object} RasterMap a map that the place has switched on
 * @property {string} key
 * @property {string} name
 * @property {readonly { url: string, maxzoom: number }[]} sheets from the bottom up
 * @property {string} attribution
 * @property {boolean} is_shifted drawn in GCJ-02
 */

const PANE = "raster";
/** The pane for our own base map, which stays in sight where others give no picture. */
export const UNDER_RASTERS = "under-rasters";
/** Both lie below Leaflet's own tiles. */
const LEVELS = { [UNDER_RASTERS]: "110", [PANE]: "120" };
/** Leaflet's own ways, of which its types say nothing. */
const TILES = /** @type {any} */ (L.TileLayer.prototype);

/**
 * Pictures in GCJ-02 on a map in WGS 84: where the map's centre is, the pictures' place of the same name is put.
 * The shift changes by some metres over a city, which is less than a pixel where a city is in view, and is
 * reckoned anew wherever the map is moved to.
 */
export class ShiftedTileLayer extends L.TileLayer {
  /** Which part of the pictures is needed around a centre. @param {L.LatLng} centre @returns {L.Bounds} */
  _getTiledPixelBounds(centre) {
    return TILES._getTiledPixelBounds.call(this, toGcj02(centre));
  }

  /** Where a level of tiles lies around a centre. @param {any} level @param {L.LatLng} centre @param {number} zoom */
  _setZoomTransform(level, centre, zoom) {
    TILES._setZoomTransform.call(this, level, toGcj02(centre), zoom);
  }

  /** @param {L.LatLng} [centre] */
  _update(centre) {
    const { _map: map } = /** @type {any} */ (this);
    if (map && !map._animatingZoom) TILES._setZoomTransforms.call(this, map.getCenter(), map.getZoom());
    TILES._update.call(this, centre);
  }
}

/**
 * Make the layers of a map, bottom first.
 *
 * @param {L.Map} map
 * @param {RasterMap} raster
 * @returns {L.LayerGroup} not yet on the map
 */
export function rasterLayers(map, { sheets, attribution, is_shifted: isShifted }) {
  for (const [name, level] of Object.entries(LEVELS)) {
    if (map.getPane(name)) continue;
    const pane = map.createPane(name);
    pane.style.zIndex = level;
    pane.style.pointerEvents = "none";
  }
  const Layer = isShifted ? ShiftedTileLayer : L.TileLayer;
  return new L.LayerGroup(
    sheets.map(
      ({ url, maxzoom }) =>
        new Layer(url, { pane: PANE, maxNativeZoom: maxzoom, maxZoom: 20, attribution, keepBuffer: 1 }),
    ),
  );
}
