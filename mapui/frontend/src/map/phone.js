/** A map on the phone, made without the server's template: the phone's page knows no district. */
import L from "leaflet";
import { lightBase } from "./base.js";
import { fitExtent } from "./extent.js";

/**
 * @param {HTMLElement} box
 * @param {{ tiles: import("./base.js").TileSources, extent: import("./extent.js").Extent }} profile
 * @returns {{ map: L.Map, sheet: import("./sheet.js").TileSheet }} with the base map, showing the district whole
 */
export function phoneMap(box, { tiles, extent }) {
  const map = new L.Map(box, { minZoom: 3, maxZoom: 20, attributionControl: false });
  const latitude = (extent[1] + extent[3]) / 2;
  const sheet = lightBase(tiles, { latitude }).addTo(map);
  fitExtent(map, extent);
  return { map, sheet };
}
