/** A place in a form: a click on the map, or a dragged pin, writes its two numbers; typed numbers move the pin. */
import L from "leaflet";
import { lightBase } from "../map/base.js";
import { PinMap } from "../map/pin.js";
import { mapReady } from "../map/ready.js";
import { pageData } from "../ui/dom.js";
import { gettext, language } from "../ui/i18n.js";

const data = pageData();
const map = await mapReady("pin-map");
const lon = /** @type {HTMLInputElement} */ (document.querySelector(".pin-numbers input[name$=_lon]"));
const lat = /** @type {HTMLInputElement} */ (document.querySelector(".pin-numbers input[name$=_lat]"));
const pins = new PinMap(map, gettext("Place"));

function show() {
  const place = { lon: lon.valueAsNumber, lat: lat.valueAsNumber, accuracy_m: null };
  if (lon.value && lat.value && lon.validity.valid && lat.validity.valid) {
    pins.show({ ...place, source: /** @type {const} */ ("map") });
  } else pins.clear();
}

/** @type {HTMLElement} */ (document.querySelector(".pin-map")).hidden = false;
pins.refresh();
if (data.bounds) {
  const [west, south, east, north] = data.bounds;
  map.fitBounds(new L.LatLngBounds([south, west], [north, east]), { animate: false });
}
lightBase(data.tiles, { latitude: map.getCenter().lat, language: language() }).addTo(map);
if (lon.value && lat.value) pins.look(lon.valueAsNumber, lat.valueAsNumber);
show();
pins.onPick((x, y) => {
  lon.value = x.toFixed(7);
  lat.value = y.toFixed(7);
  show();
});
for (const input of [lon, lat]) input.addEventListener("change", show);
