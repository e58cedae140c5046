/** The boundaries of a day on the map; the list beside it is drawn by the server. */
import L from "leaflet";
import { keepNamesApart } from "../map/apart.js";
import { lightBase } from "../map/base.js";
import { mapReady } from "../map/ready.js";
import { byId, pageData, setText } from "../ui/dom.js";
import { gettext, language } from "../ui/i18n.js";

const STYLE = { color: "#0f5ca6", weight: 2, fillColor: "#0f5ca6", fillOpacity: 0.08 };
/** More names than this would hide the map: they are told to who points at a unit. */
const MOST_NAMES = 60;

/** @param {import("geojson").FeatureCollection} collection */
function unitsLayer(collection) {
  const isNamed = collection.features.length <= MOST_NAMES;
  return new L.GeoJSON(collection, {
    style: STYLE,
    onEachFeature: (feature, layer) => {
      const name = document.createElement("span");
      name.textContent = feature.properties.name;
      layer.bindTooltip(name, {
        permanent: isNamed,
        sticky: !isNamed,
        direction: "center",
        className: "zone-name",
      });
    },
  });
}

/** @param {string} address */
async function load(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

const data = pageData();
const map = await mapReady("asof-map");
keepNamesApart(map);
map.setView([35, 105], 4, { animate: false });
if (data.units) {
  try {
    const units = unitsLayer(await load(data.units));
    const box = units.getBounds();
    if (box.isValid()) {
      map.options.zoomSnap = 0.25;
      map.fitBounds(box, { animate: false });
      lightBase(data.tiles, { latitude: box.getCenter().lat, language: language() }).addTo(map);
    }
    units.addTo(map);
  } catch {
    const fault = byId("asof-fault");
    setText(fault, gettext("The boundaries could not be loaded. Reload the page."));
    fault.hidden = false;
  }
}
