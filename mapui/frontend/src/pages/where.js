/** Who is responsible here: a click on the map asks for that place; the server answers with the page anew. */
import { lightBase } from "../map/base.js";
import { fitExtent, onPlain } from "../map/extent.js";
import { showOnMap } from "../map/place.js";
import { mapReady } from "../map/ready.js";
import { byId, pageData } from "../ui/dom.js";
import { language } from "../ui/i18n.js";

const data = pageData();
const form = /** @type {HTMLFormElement} */ (byId("where"));
/** @param {string} id @param {string} value */
const write = (id, value) => {
  /** @type {HTMLInputElement} */ (byId(id)).value = value;
};

const map = await mapReady("where-map");
fitExtent(map, data.extent);
lightBase(data.tiles, { latitude: map.getCenter().lat, language: language() }).addTo(map);
if (data.place) showOnMap(map, data.place, null, null);
onPlain(map, (lon, lat) => {
  write("id_address", "");
  write("id_lon", lon.toFixed(7));
  write("id_lat", lat.toFixed(7));
  form.submit();
});
