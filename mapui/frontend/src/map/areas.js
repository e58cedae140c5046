/** Areas on the wall's map: drawing one, and showing those in which something goes on. */
import L from "leaflet";
import { isSameClick } from "./clicks.js";
import { circle, rectangle, rounded } from "./rings.js";

/**
 * @typedef {import("./rings.js").Position} Position
 * @typedef {import("geojson").Geometry} Geometry
 * @typedef {"polygon" | "rectangle" | "circle"} Shape
 * @typedef {"draft" | "emergency" | "broadcast"} Kind
 */

const PANE = "command-areas";
/** Told apart by their lines too; pixels of a desk's screen. */
const STYLES = {
  draft: { color: "#ffd24a", weight: 3, dash: [8, 6], fillOpacity: 0.18 },
  emergency: { color: "#ff4d5e", weight: 4, dash: [], fillOpacity: 0.16 },
  broadcast: { color: "#34d3f5", weight: 3, dash: [2, 7], fillOpacity: 0.08 },
};

/** @param {Kind} kind @param {number} scale of the screen, 1 on a desk @returns {L.PathOptions} */
function styleOf(kind, scale) {
  const { dash, weight, ...style } = STYLES[kind];
  return {
    ...style,
    weight: weight * scale,
    dashArray: dash.map((part) => part * scale),
    interactive: false,
  };
}
const FEWEST_CORNERS = 3;

/**
 * Draws an area, click by click: a polygon until it is finished, the others with two clicks. By keyboard, the map
 * is moved and its middle taken.
 */
export class AreaDrawing {
  /** @type {Shape} */
  #shape = "polygon";
  /** @type {Position[]} */
  #clicks = [];
  /** @type {((ring: Position[]) => void) | null} */
  #onDone = null;
  /** What was drawn last, to go on with. @type {{ shape: Shape, clicks: Position[], onDone: (ring: Position[]) => void } | null} */
  #last = null;
  #preview;

  /**
   * @param {L.Map} map
   * @param {number} scale of the screen, 1 on a desk
   * @param {(corners: number) => void} onChange hears how many places were clicked
   */
  constructor(map, scale, onChange) {
    this.map = map;
    this.onChange = onChange;
    const pane = map.getPane(PANE) ?? map.createPane(PANE);
    pane.style.zIndex = "430";
    const renderer = new L.SVG({ pane: PANE });
    this.#preview = new L.Polygon([], { ...styleOf("draft", scale), renderer, pane: PANE });
    map.on("click", ({ latlng }) => this.#click(latlng));
    map.on("mousemove", ({ latlng }) => this.#hover(latlng));
    map.on("move", () => this.isByKeyboard && this.#hover(map.getCenter()));
    map.on("dblclick", (event) => {
      if (!this.isDrawing) return;
      L.DomEvent.stop(event);
      this.finish();
    });
  }

  get isDrawing() {
    return this.#onDone !== null;
  }

  /** @returns {boolean} whether the keyboard moves the map */
  get isByKeyboard() {
    return this.map.getContainer().matches(":focus-visible");
  }

  /** @param {Shape} shape @param {(ring: Position[]) => void} onDone */
  begin(shape, onDone) {
    this.cancel();
    this.#shape = shape;
    this.#onDone = onDone;
    this.map.doubleClickZoom.disable();
    this.map.getContainer().dataset.tool = "area";
    this.map.getContainer().focus({ preventScroll: true });
    this.#preview.addTo(this.map);
    this.onChange(0);
  }

  /** What was drawn last didn't do: go on with it, a polygon with all its corners, another from its first click. */
  resume() {
    if (!this.#last) return;
    const { shape, clicks, onDone } = this.#last;
    this.begin(shape, onDone);
    this.#clicks = shape === "polygon" ? clicks : clicks.slice(0, 1);
    this.#draw(this.#clicks);
    this.onChange(this.#clicks.length);
  }

  /** Click at the middle of the map. @returns {boolean} whether something is drawn */
  place() {
    if (!this.#isMeant) return false;
    this.#click(this.map.getCenter());
    return true;
  }

  /** @returns {boolean} whether a key is meant for what is drawn, and for no button that has the focus */
  get #isMeant() {
    return (
      this.isDrawing &&
      [this.map.getContainer(), document.body].includes(/** @type {HTMLElement} */ (document.activeElement))
    );
  }

  /** A polygon with three corners is done; with fewer nothing happens. @returns {boolean} whether one is drawn */
  finish() {
    if (!this.#isMeant) return false;
    if (this.#shape === "polygon" && this.#clicks.length >= FEWEST_CORNERS) this.#done(this.#clicks);
    return true;
  }

  /** Take back the last click. @returns {boolean} whether something is drawn */
  undo() {
    if (!this.isDrawing) return false;
    this.#clicks.pop();
    this.#draw(this.#clicks);
    this.onChange(this.#clicks.length);
    return true;
  }

  cancel() {
    this.#clicks = [];
    this.#onDone = null;
    this.#preview.setLatLngs([]).remove();
    this.map.doubleClickZoom.enable();
    // The click that ends the drawing is not one on the map: those who hear it after us are told so still.
    queueMicrotask(() => {
      if (!this.isDrawing) delete this.map.getContainer().dataset.tool;
    });
  }

  /** @param {L.LatLng} at */
  #click({ lng, lat }) {
    if (!this.isDrawing) return;
    const place = rounded(lng, lat);
    const last = this.#clicks.at(-1);
    if (last && isSameClick(this.map, last, place)) return;
    this.#clicks.push(place);
    if (this.#shape !== "polygon" && this.#clicks.length === 2) this.#done(this.#ring(place));
    else {
      this.#draw(this.#clicks);
      this.onChange(this.#clicks.length);
    }
  }

  /** @param {L.LatLng} at */
  #hover({ lng, lat }) {
    if (this.isDrawing && this.#clicks.length > 0) this.#draw(this.#ring(rounded(lng, lat)));
  }

  /** @param {Position} next @returns {Position[]} the outline if this were the next click */
  #ring(next) {
    const first = this.#clicks[0] ?? next;
    if (this.#shape === "rectangle") return rectangle(first, next);
    if (this.#shape === "circle") return circle(first, next);
    return [...this.#clicks, next];
  }

  /** @param {readonly Position[]} ring */
  #draw(ring) {
    this.#preview.setLatLngs(ring.map(([lon, lat]) => new L.LatLng(lat, lon)));
  }

  /** @param {Position[]} ring */
  #done(ring) {
    const onDone = this.#onDone;
    if (!onDone) return;
    this.#last = { shape: this.#shape, clicks: this.#clicks, onDone };
    this.cancel();
    onDone(ring);
  }
}

/** Shows areas; what is clicked below them is what lies there. */
export class AreaLayer {
  #group = new L.LayerGroup();

  /** @param {L.Map} map @param {number} scale of the screen, 1 on a desk */
  constructor(map, scale) {
    this.map = map;
    this.scale = scale;
    const pane = map.getPane(PANE) ?? map.createPane(PANE);
    pane.style.zIndex = "430";
    this.renderer = new L.SVG({ pane: PANE });
    this.#group.addTo(map);
  }

  /** @param {readonly { area: Geometry, kind: Kind }[]} areas all that are to be seen, the most important last */
  show(areas) {
    this.#group.clearLayers();
    for (const { area, kind } of areas) {
      const options = { ...styleOf(kind, this.scale), renderer: this.renderer, pane: PANE };
      // GeoJSON layers hand their style on, but not the rest.
      const layer = new L.GeoJSON(area, { ...options, style: options });
      layer.addTo(this.#group);
    }
  }

  /** Bring an area into view. @param {Geometry} area */
  find(area) {
    const animate = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map.fitBounds(new L.GeoJSON(area).getBounds().pad(0.4), { animate });
  }
}
