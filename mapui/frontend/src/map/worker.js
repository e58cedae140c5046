/** The worker's map: his grids and their neighbours, tasks, households by building, and where he is. */
import L from "leaflet";
import { LIGHT } from "../layers/styles.js";
import { IncidentLayer } from "./incidents.js";
import { phoneMap } from "./phone.js";
import { UnitLayer } from "./units.js";

/**
 * @typedef {object} Areas GeoJSON of the smallest units, `is_mine` among their properties
 * @property {import("geojson").Feature[]} features
 *
 * @typedef {object} House a building with households
 * @property {number} id
 * @property {number} lon degrees
 * @property {number} lat degrees
 * @property {number} count of households
 * @property {number} due of them to be visited
 *
 * @typedef {object} Options
 * @property {{ tiles: import("./base.js").TileSources, extent: import("./extent.js").Extent }} profile
 * @property {string} level whose outlines and names are shown all over the map
 * @property {(lon: number, lat: number) => void} onTap
 * @property {(id: number) => void} onTask
 * @property {(id: number) => void} onHouse
 */

/** Households are counted by building from here on. */
const HOUSES_FROM = 17;
/** More numbers than that are no longer read. */
const MOST_HOUSES = 150;
const NEAR_ZOOM = 18;
const TASK_RADIUS = 14;
const HOUSE_SIZE = 44;
const MINE = "#0b63a8";

export class WorkerMap {
  #areas = new L.GeoJSON();
  #houses = new L.LayerGroup();
  /** @type {readonly House[]} */
  #allHouses = [];
  /** @type {L.LayerGroup | null} */
  #here = null;
  /** @type {L.CircleMarker | null} */
  #asked = null;
  #hasGone = false;

  /** @param {HTMLElement} box @param {Options} options */
  constructor(box, options) {
    this.options = options;
    const { map, sheet } = phoneMap(box, options.profile);
    this.map = map;
    new UnitLayer(map, sheet, options.profile.tiles.units, LIGHT).show(options.level, 0);
    this.#areas = new L.GeoJSON(undefined, {
      interactive: false,
      style: (feature) => (feature?.properties.is_mine ? mine() : neighbour()),
    }).addTo(this.map);
    this.#houses.addTo(this.map);
    this.tasks = new IncidentLayer(this.map, { radius: TASK_RADIUS, onSelect: options.onTask });
    this.map.on("click", ({ latlng }) => {
      const { lng, lat } = latlng.wrap();
      options.onTap(lng, lat);
    });
    this.map.on("moveend", () => this.#drawHouses());
  }

  /** Show the grids; the map goes there, unless it went somewhere already. @param {Areas} areas */
  showAreas(areas) {
    this.#areas.clearLayers();
    this.#areas.addData(/** @type {any} */ ({ type: "FeatureCollection", features: areas.features }));
    const own = areas.features.filter(({ properties }) => properties?.is_mine);
    if (this.#hasGone || own.length === 0) return;
    this.#hasGone = true;
    this.map.fitBounds(
      new L.GeoJSON(/** @type {any} */ ({ type: "FeatureCollection", features: own })).getBounds(),
      {
        animate: false,
        padding: [12, 12],
      },
    );
  }

  /** @param {readonly House[]} houses */
  showHouses(houses) {
    this.#allHouses = houses;
    this.#drawHouses();
  }

  /** @param {{ lon: number, lat: number, accuracy: number } | null} position in degrees and metres */
  showPosition(position) {
    this.#here?.remove();
    this.#here = null;
    if (!position) return;
    const at = new L.LatLng(position.lat, position.lon);
    this.#here = new L.LayerGroup([
      new L.Circle(at, { radius: position.accuracy, className: "accuracy", interactive: false }),
      new L.CircleMarker(at, {
        radius: 8,
        interactive: false,
        color: "#ffffff",
        weight: 3,
        fillColor: MINE,
        fillOpacity: 1,
      }),
    ]).addTo(this.map);
  }

  /** @param {{ lon: number, lat: number }} place */
  goTo({ lon, lat }) {
    this.#hasGone = true;
    this.map.setView([lat, lon], Math.max(NEAR_ZOOM, this.map.getZoom()), { animate: false });
  }

  /** Mark the place that is asked about, or none. @param {{ lon: number, lat: number } | null} place */
  mark(place) {
    this.#asked?.remove();
    this.#asked = place
      ? new L.CircleMarker([place.lat, place.lon], {
          radius: 7,
          interactive: false,
          color: "#d6341f",
          weight: 3,
          fillOpacity: 0,
        }).addTo(this.map)
      : null;
  }

  /** The map was hidden: let it measure itself anew. */
  refresh() {
    this.map.invalidateSize();
  }

  /** Numbers on the buildings in view, near enough to read them. */
  #drawHouses() {
    this.#houses.clearLayers();
    if (this.map.getZoom() < HOUSES_FROM) return;
    const view = this.map.getBounds();
    const seen = this.#allHouses.filter(({ lon, lat }) => view.contains([lat, lon])).slice(0, MOST_HOUSES);
    for (const house of seen) this.#houses.addLayer(this.#house(house));
  }

  /** @param {House} house */
  #house({ id, lon, lat, count, due }) {
    const icon = new L.DivIcon({
      className: due > 0 ? "house house-due" : "house",
      html: `<span>${count}</span>`,
      iconSize: [HOUSE_SIZE, HOUSE_SIZE],
      // Below its building: what is to be done there stays in sight.
      iconAnchor: [HOUSE_SIZE / 2, 0],
    });
    const marker = new L.Marker([lat, lon], { icon, keyboard: false });
    marker.on("click", () => this.options.onHouse(id));
    return marker;
  }
}

const mine = () => ({ color: MINE, weight: 2.5, fillColor: MINE, fillOpacity: 0.08 });
const neighbour = () => ({ color: "#5b6b78", weight: 1, dashArray: "4 4", fillOpacity: 0 });
