/** Zones on the map of a page that has all it draws in itself: the ground, the zones, borders that differ. */
import L from "leaflet";

/**
 * @typedef {import("geojson").Feature} Feature
 * @typedef {import("geojson").Geometry} Geometry
 * @typedef {[west: number, south: number, east: number, north: number]} Bounds in degrees
 */

/** The colours of picture.css: zones that differ have the same on both sides. */
const COLOURS = ["#4e79a7", "#f28e2b", "#59a14f", "#b07aa1", "#76b7b2", "#e15759", "#edc948", "#9c755f"];
const NEAR_ZOOM = 20;

/** @type {Record<string, L.PathOptions>} */
const GROUND = {
  green: { stroke: false, fillColor: "#d5e8cd", fillOpacity: 1 },
  water: { stroke: false, fillColor: "#b7d7ea", fillOpacity: 1 },
  lane: { color: "#ffffff", weight: 1.5, opacity: 1, fill: false },
  street: { color: "#ffffff", weight: 2, opacity: 1, fill: false },
  road: { color: "#ffffff", weight: 4, opacity: 1, fill: false },
  main_road: { color: "#f6dfae", weight: 6, opacity: 1, fill: false },
  railway: { color: "#9aa3ab", weight: 1.5, dashArray: "6 4", fill: false },
  building: { color: "#b9b2a6", weight: 0.5, fillColor: "#d9d4cb", fillOpacity: 1 },
};

/**
 * Show a box whole, and nothing beyond what there is to see.
 *
 * @param {L.Map} map
 * @param {Bounds} bounds
 */
export function fitBounds(map, [west, south, east, north]) {
  const box = new L.LatLngBounds([south, west], [north, east]);
  map.options.zoomSnap = 0.25;
  map.setMaxZoom(NEAR_ZOOM);
  map.fitBounds(box, { animate: false });
  map.setMaxBounds(box.pad(0.3));
  map.setMinZoom(map.getZoom() - 1);
}

/** @param {Feature[]} features each with its layer's name */
export const groundLayer = (features) =>
  new L.GeoJSON(/** @type {any} */ (features), {
    interactive: false,
    style: (feature) => GROUND[feature?.properties.layer] ?? {},
  });

/** @param {Feature[]} features with name and colour; null: it is the same on both sides */
export const zonesLayer = (features) =>
  new L.GeoJSON(/** @type {any} */ (features), {
    bubblingMouseEvents: true,
    style: (feature) => zoneStyle(feature?.properties.colour ?? null),
    onEachFeature: (feature, layer) => {
      const name = document.createElement("span");
      name.textContent = feature.properties.name;
      const isNamed = feature.properties.colour !== null;
      layer.bindTooltip(name, {
        permanent: isNamed,
        sticky: !isNamed,
        direction: "center",
        className: "zone-name",
      });
    },
  });

/** @param {Geometry} lines @param {boolean} isGone */
export const bordersLayer = (lines, isGone) =>
  new L.GeoJSON(lines, {
    interactive: false,
    style: {
      color: "#c0160c",
      weight: 3.5,
      opacity: 1,
      fill: false,
      ...(isGone ? { dashArray: "7 5" } : {}),
    },
  });

/** @param {number | null} colour @returns {L.PathOptions} */
function zoneStyle(colour) {
  if (colour === null) return { color: "#5b6b78", weight: 1, fillColor: "#5b6b78", fillOpacity: 0.05 };
  return {
    color: "#24323e",
    weight: 1.4,
    fillColor: COLOURS[colour % COLOURS.length] ?? "",
    fillOpacity: 0.42,
  };
}
