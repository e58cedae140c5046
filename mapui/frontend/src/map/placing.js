/** The map on which a household is put where it lives: its building, its unit, what is suggested, one pin. */
import L from "leaflet";
import { PinMap } from "./pin.js";

/**
 * @typedef {object} Suggestion
 * @property {string} label
 * @property {number} lon
 * @property {number} lat
 *
 * @typedef {object} Task what is known of where a household is
 * @property {number} household_id
 * @property {string | null} fault
 * @property {string} address
 * @property {string} building
 * @property {string} unit
 * @property {number | null} lon
 * @property {number | null} lat
 * @property {string} source
 * @property {number | null} accuracy_m
 * @property {string} placed_on
 * @property {string | null} footprint GeoJSON
 * @property {string | null} boundary GeoJSON
 * @property {Suggestion[]} suggestions
 */

const NEAREST = 19;
const UNIT = { interactive: false, color: "#0f5ca6", weight: 2, dashArray: "7 5", fillOpacity: 0.04 };
const BUILDING = { interactive: false, color: "#1a7f47", weight: 3, fillColor: "#1a7f47", fillOpacity: 0.18 };
const SUGGESTED = { radius: 9, color: "#ffffff", weight: 2, fillColor: "#1a7f47", fillOpacity: 0.95 };

export class PlacingMap {
  /** @param {L.Map} map @param {string} label of the pin, for a screen reader */
  constructor(map, label) {
    this.map = map;
    this.pins = new PinMap(map, label);
    this.around = new L.LayerGroup().addTo(map);
  }

  /** @param {(lon: number, lat: number) => void} pick */
  onPick(pick) {
    this.pins.onPick((lon, lat) => pick(lon, lat));
    this.pick = pick;
  }

  /** Show a household anew; the view moves only if asked. @param {Task} task @param {{ moves: boolean }} view */
  show(task, { moves }) {
    this.around.clearLayers();
    this.pins.clear();
    const box = new L.LatLngBounds([]);
    const near = new L.LatLngBounds([]);
    if (task.boundary) box.extend(this.#draw(task.boundary, UNIT));
    if (task.footprint) near.extend(this.#draw(task.footprint, BUILDING));
    task.suggestions.forEach((one, n) => {
      const mark = new L.CircleMarker([one.lat, one.lon], { ...SUGGESTED, bubblingMouseEvents: false });
      mark.bindTooltip(`${n + 1} ${one.label}`, { permanent: task.suggestions.length > 1 });
      mark.on("click", () => this.pick?.(one.lon, one.lat));
      mark.addTo(this.around);
      near.extend(mark.getLatLng());
    });
    if (task.lon !== null && task.lat !== null) near.extend([task.lat, task.lon]);
    const view = near.isValid() ? near : box;
    if (moves && view.isValid()) {
      this.map.fitBounds(view.pad(0.3), { animate: false, maxZoom: NEAREST, padding: [20, 20] });
    }
    if (task.lon === null || task.lat === null) return;
    this.pins.show({ lon: task.lon, lat: task.lat, accuracy_m: task.accuracy_m, source: "map" });
  }

  /** @param {string} shape @param {L.PathOptions & { interactive: boolean }} style */
  #draw(shape, style) {
    const layer = new L.GeoJSON(JSON.parse(shape), /** @type {any} */ ({ style, interactive: false }));
    return layer.addTo(this.around).getBounds();
  }
}
