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

export class PickLayer {
  #group = new L.LayerGroup();

  /** @param {L.Map} map @param {number} scale of the screen, 1 on a desk */
  constructor(map, scale) {
    this.map = map;
    this.scale = scale;
    map.createPane("picks").style.zIndex = "640";
    this.#group.addTo(map);
  }

  /** @param {readonly Pick[]} picks @param {(id: number) => void} onPick */
  show(picks, onPick) {
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
    const box = L.latLngBounds(picks.map(({ lon, lat }) => [lat, lon]));
    const animate = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (picks.length > 0 && !this.map.getBounds().contains(box)) {
      this.map.fitBounds(box.extend(this.map.getCenter()).pad(0.2), { animate, maxZoom: this.map.getZoom() });
    }
  }

  clear() {
    this.#group.clearLayers();
  }
}
