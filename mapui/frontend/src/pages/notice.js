/** The public notice: the map before and after, and the place of a comment. */
import L from "leaflet";
import { keepNamesApart } from "../map/apart.js";
import { mapReady } from "../map/ready.js";
import { bordersLayer, fitBounds, groundLayer, zonesLayer } from "../plans/zones.js";
import { byId, pageData, setText } from "../ui/dom.js";
import { gettext } from "../ui/i18n.js";

const data = pageData();
const map = await mapReady("notice-map");
const lon = /** @type {HTMLInputElement} */ (byId("id_lon"));
const lat = /** @type {HTMLInputElement} */ (byId("id_lat"));

keepNamesApart(map);
fitBounds(map, data.bounds);
groundLayer(data.ground).addTo(map);
/** @type {Record<string, L.LayerGroup>} */
const sides = {
  before: new L.LayerGroup([zonesLayer(data.before), bordersLayer(data.gone, true)]),
  after: new L.LayerGroup([zonesLayer(data.after), bordersLayer(data.new, false)]),
};
for (const [x, y, text] of data.places) {
  const words = document.createElement("span");
  words.textContent = text;
  mark([y, x], "#0b63a8").bindPopup(words).addTo(map);
}

/** @param {L.LatLngExpression} at @param {string} fillColor */
function mark(at, fillColor) {
  return new L.CircleMarker(at, { radius: 8, color: "#ffffff", weight: 3, fillColor, fillOpacity: 1 });
}

function show() {
  const chosen = /** @type {HTMLInputElement} */ (document.querySelector("[name=side]:checked")).value;
  for (const [side, layer] of Object.entries(sides)) {
    if (side === chosen) layer.addTo(map);
    else layer.remove();
  }
}

const pin = mark([0, 0], "#b3261e");

/** @param {L.LatLng | null} at */
function setPin(at) {
  lon.value = at ? at.lng.toFixed(6) : "";
  lat.value = at ? at.lat.toFixed(6) : "";
  if (at) pin.setLatLng(at).addTo(map).bringToFront();
  else pin.remove();
  const words = at
    ? gettext("Your comment speaks of the red place on the map.")
    : gettext("To speak of a place, tap it on the map.");
  setText(byId("pinned-words"), words);
  byId("unpin").hidden = !at;
}

for (const choice of document.querySelectorAll("[name=side]")) choice.addEventListener("change", show);
map.on("click", ({ latlng }) => setPin(latlng.wrap()));
byId("unpin").addEventListener("click", () => setPin(null));
byId("pinned").hidden = false;
show();
if (lon.value && lat.value) setPin(new L.LatLng(Number(lat.value), Number(lon.value)));
