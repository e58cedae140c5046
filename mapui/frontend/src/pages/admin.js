/** The maps in the forms of the administration: the base map under what is edited, the district in view. */
import L from "leaflet";

import { lightBase } from "../map/base.js";
import { pageData } from "../ui/dom.js";

const { tiles, extent, pins } = pageData();

// Leaflet guesses this from its style sheet, where the names of files carry a hash that it can't undo.
L.Icon.Default.imagePath = pins;

addEventListener("map:init", (event) => {
  /** @type {import("leaflet").Map} */
  const map = /** @type {CustomEvent} */ (event).detail.map;
  if (!extent) return;
  const [west, south, east, north] = extent;
  lightBase(tiles, { latitude: (south + north) / 2 }).addTo(map);
  // A form that has a shape already shows that one: it is drawn, and fitted, after this.
  map.fitBounds([
    [south, west],
    [north, east],
  ]);
});
