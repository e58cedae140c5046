/** A small map of one place: the outline of its unit, the place, and how exactly it is known. */
import L from "leaflet";

/**
 * @typedef {object} Place
 * @property {number} lon
 * @property {number} lat
 * @property {number | null} accuracy_m
 */

/** Near enough to see the buildings around the place. */
const NEAREST = 18;

/**
 * @param {L.Map} map
 * @param {Place} place
 * @param {import("geojson").Geometry | null} outline of the unit
 * @param {Place | null} device where the phone was, if the pin was set elsewhere
 */
export function showOnMap(map, place, outline, device) {
  const at = new L.LatLng(place.lat, place.lon);
  const box = new L.LatLngBounds([at, at]).pad(0.1);
  if (outline) {
    const shape = new L.GeoJSON(outline, {
      interactive: false,
      style: { color: "#0f5ca6", weight: 2.5, fillColor: "#0f5ca6", fillOpacity: 0.08 },
    }).addTo(map);
    box.extend(shape.getBounds());
  }
  for (const { lon, lat, accuracy_m: radius } of [place, ...(device ? [device] : [])]) {
    if (!radius) continue;
    const dashArray = lon === place.lon && lat === place.lat ? "" : "6 5";
    const circle = { radius, dashArray, interactive: false, color: "#b3261e", weight: 1, fillOpacity: 0.12 };
    new L.Circle([lat, lon], circle).addTo(map);
  }
  new L.CircleMarker(at, {
    radius: 8,
    interactive: false,
    color: "#ffffff",
    weight: 3,
    fillColor: "#b3261e",
    fillOpacity: 1,
  }).addTo(map);
  map.options.zoomSnap = 0.25;
  map.fitBounds(box, { animate: false, maxZoom: NEAREST, padding: [12, 12] });
}
