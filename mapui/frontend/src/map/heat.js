import L from "leaflet";
import { density, heatColour } from "../layers/density.js";

/**
 * The heat of the last hours against the usual, and rings around what stands out.
 *
 * @typedef {{ lon: number, lat: number, count: number, usual: number }} Cell
 *
 * @typedef {object} Ring
 * @property {number} lon
 * @property {number} lat
 * @property {number} radius metres
 * @property {string} label
 * @property {() => void} onSelect
 */

/** A point of the heat is so many pixels wide: it is soft anyhow. */
const COARSE = 4;
/** The bell's radius, pixels at a width of 1920. */
const REACH = 34;
/** So many cases more than usual at one place are drawn as hot as can be, unless there are more. */
const HOT = 3;
/** What stands out is ringed so. */
export const RING = "#ffe066";
const PANES = /** @type {const} */ ({ heat: 340, rings: 610 });

/** The picture of the heat, as large as the map. */
class Picture extends L.Layer {
  /** @type {readonly Cell[]} */
  #cells = [];
  #canvas = document.createElement("canvas");

  /** @param {number} scale */
  constructor(scale) {
    super();
    this.scale = scale;
    // Leaflet hides it while the map zooms, and draws anew then.
    this.#canvas.className = "leaflet-zoom-hide";
  }

  /** @override @param {L.Map} map */
  onAdd(map) {
    map.getPane("heat")?.append(this.#canvas);
    this.draw();
    return this;
  }

  /** @override */
  onRemove() {
    this.#canvas.remove();
    return this;
  }

  /** @override @returns {{ [name: string]: L.LeafletEventHandlerFn }} */
  getEvents() {
    return { moveend: this.draw, zoomend: this.draw, resize: this.draw };
  }

  /** @param {readonly Cell[]} cells */
  setCells(cells) {
    this.#cells = cells;
    if (this._map) this.draw();
  }

  draw() {
    const canvas = this.#canvas;
    const map = this._map;
    const size = map.getSize();
    const [width, height] = [Math.ceil(size.x / COARSE), Math.ceil(size.y / COARSE)];
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
    canvas.width = width;
    canvas.height = height;
    canvas.style.width = `${width * COARSE}px`;
    canvas.style.height = `${height * COARSE}px`;
    const radius = Math.round((REACH * this.scale) / COARSE);
    const weights = this.#cells.map((cell) => {
      const { x, y } = map.latLngToContainerPoint([cell.lat, cell.lon]);
      return { x: x / COARSE, y: y / COARSE, value: cell.count - cell.usual };
    });
    const field = density(weights, width, height, radius);
    const most = field.reduce((top, value) => Math.max(top, value), HOT);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const image = context.createImageData(width, height);
    field.forEach((value, n) => {
      if (value > 0) image.data.set(heatColour(value / most), 4 * n);
    });
    context.putImageData(image, 0, 0);
  }
}

export class HeatLayer {
  /** @param {L.Map} map @param {{ scale: number }} options */
  constructor(map, { scale }) {
    for (const [name, level] of Object.entries(PANES)) {
      if (!map.getPane(name)) map.createPane(name).style.zIndex = String(level);
    }
    this.map = map;
    this.scale = scale;
    this.picture = new Picture(scale);
    this.rings = L.layerGroup();
    this.svg = L.svg({ pane: "rings" });
  }

  /** @param {boolean} isShown */
  show(isShown) {
    for (const layer of [this.picture, this.rings]) {
      if (isShown) layer.addTo(this.map);
      else layer.remove();
    }
  }

  /** @param {readonly Cell[]} cells @param {readonly Ring[]} rings */
  update(cells, rings) {
    this.picture.setCells(cells);
    this.rings.clearLayers();
    for (const ring of rings) this.rings.addLayer(this.#ring(ring));
  }

  /** @param {Ring} ring */
  #ring({ lon, lat, radius, label, onSelect }) {
    // SVG, whatever the map draws with: a canvas above the cases would keep the clicks from them.
    const options = { pane: "rings", renderer: this.svg, radius: Math.max(60, radius * 1.15), fill: false };
    const width = 3 * this.scale;
    // A dark line below the bright one: it is seen on the light map, too.
    const casing = L.circle([lat, lon], {
      ...options,
      color: "#1b1035",
      weight: 1.9 * width,
      opacity: 0.75,
      interactive: false,
    });
    const line = L.circle([lat, lon], {
      ...options,
      color: RING,
      weight: width,
      dashArray: `${7 * this.scale} ${5 * this.scale}`,
    });
    const text = document.createElement("span");
    text.textContent = label;
    line.bindTooltip(text, { permanent: true, direction: "top", className: "hotspot" });
    line.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      onSelect();
    });
    return L.layerGroup([casing, line]);
  }
}
