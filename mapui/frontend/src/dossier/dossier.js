/** What a dossier carries in itself to draw its two maps: Leaflet, and the plugin that moves both at once. */
import L from "leaflet";
import "leaflet.sync";
import { keepNamesApart } from "../map/apart.js";

L.Map.addInitHook(
  /** @this {L.Map} */ function begin() {
    keepNamesApart(this);
  },
);
Object.assign(window, { L });
