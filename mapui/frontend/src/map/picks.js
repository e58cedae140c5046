/** Places on the map to choose one of: buttons, also for the keyboard. */
import L from "leaflet";

/**
 * @typedef {object} Pick
 * @property {number} id
 * @property {number} lon
 * @property {number} lat
 * @property {HTMLElement} label
 */

/** Those of one place stand below each other, so many pixels apart. */
const STEP_PX = 34;
/** So wide is a label about: room for it is kept at the right. */
const LABEL_PX = 250;
/** Nearer than that nobody need come to tell posts apart. */
const NEAREST = 18;

export class PickLayer {
  #group = new L.LayerGroup();

  /** @param {L.Map} map @param {number} scale of the screen, 1 on a desk */
  constructor(map, scale) {
    this.map = map;
    this.scale = scale;
    map.createPane("picks").style.zIndex = "640";
    this.#group.addTo(map);
  }

  /**
   * Show what can be chosen, all of it in sight.
   *
   * @param {readonly Pick[]} picks
   * @param {(id: number) => void} onPick
   * @param {number} covered pixels at the right of the map that something else covers
   */
  show(picks, onPick, covered) {
    this.clear();
    /** @type {Map<string, number>} */
    const taken = new Map();
    for (const { id, lon, lat, label } of picks) {
      const place = `${lon} ${lat}`;
      const row = taken.get(place) ?? 0;
      taken.set(place, row + 1);
      const icon = new L.DivIcon({
        className: "pick",
        html: label,
        iconSize: undefined,
        iconAnchor: [0, -row * STEP_PX * this.scale],
      });
      const marker = new L.Marker([lat, lon], { icon, pane: "picks", keyboard: true });
      marker.on("click", () => onPick(id));
      marker.on("keydown", ({ originalEvent: { key } }) => {
        if (key === "Enter" || key === " ") onPick(id);
      });
      marker.addTo(this.#group);
    }
    if (picks.length === 0) return;
    const rows = Math.max(...taken.values());
    this.map.fitBounds(L.latLngBounds(picks.map(({ lon, lat }) => [lat, lon])), {
      animate: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      maxZoom: NEAREST,
      paddingTopLeft: [60 * this.scale, 100 * this.scale],
      paddingBottomRight: [covered + LABEL_PX * this.scale, (rows + 1) * STEP_PX * this.scale],
    });
  }

  clear() {
    this.#group.clearLayers();
  }
}
