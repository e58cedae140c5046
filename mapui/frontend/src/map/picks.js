/** Places on the map to choose one of: buttons, also for the keyboard. */
import L from "leaflet";

/**
 * @typedef {object} Pick
 * @property {number} id
 * @property {number} lon
 * @property {number} lat
 * @property {HTMLElement} label
 */

/** Labels that would lie over each other stand below each other, so many pixels apart. */
const STEP_PX = 36;
/** So wide is a label about: room for it is kept at the right. */
const LABEL_PX = 280;
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
    if (picks.length === 0) return;
    this.map.fitBounds(L.latLngBounds(picks.map(({ lon, lat }) => [lat, lon])), {
      animate: false,
      maxZoom: NEAREST,
      paddingTopLeft: [60 * this.scale, 100 * this.scale],
      paddingBottomRight: [covered + LABEL_PX * this.scale, picks.length * STEP_PX * this.scale],
    });
    const below = this.#rows(picks);
    for (const [n, { id, lon, lat, label }] of picks.entries()) {
      const iconAnchor = /** @type {L.PointTuple} */ ([0, -(below[n] ?? 0)]);
      const icon = new L.DivIcon({ className: "pick", html: label, iconSize: undefined, iconAnchor });
      const marker = new L.Marker([lat, lon], { icon, pane: "picks", keyboard: true });
      marker.on("click", () => onPick(id));
      marker.on("keydown", ({ originalEvent: { key } }) => {
        if (key === "Enter" || key === " ") onPick(id);
      });
      marker.addTo(this.#group);
    }
  }

  /** @param {readonly Pick[]} picks @returns {number[]} how many pixels below its place each label stands */
  #rows(picks) {
    /** @type {{ x: number, y: number }[]} */
    const taken = [];
    const step = STEP_PX * this.scale;
    return picks.map(({ lon, lat }) => {
      const place = this.map.latLngToLayerPoint([lat, lon]);
      let { y } = place;
      const isTaken = () =>
        taken.some((one) => Math.abs(one.x - place.x) < LABEL_PX * this.scale && Math.abs(one.y - y) < step);
      while (isTaken()) y += step / 4;
      taken.push({ x: place.x, y });
      return y - place.y;
    });
  }

  clear() {
    this.#group.clearLayers();
  }
}
