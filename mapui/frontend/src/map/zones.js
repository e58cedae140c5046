import L from "leaflet";

/**
 * Zones of a plan: fills on a canvas of their own, hatched where changed.
 *
 * @typedef {import("../planner/contract.js").Position} Position
 *
 * @typedef {object} ZoneLook
 * @property {string} fill
 * @property {number} opacity
 * @property {boolean} isHatched
 * @property {string} outline colour of a line around it; "" for none
 */

const HATCH_PX = 9;

/** @param {readonly (readonly Position[])[]} rings @returns {L.LatLng[][]} */
const lines = (rings) => rings.map((ring) => ring.map(([lon, lat]) => new L.LatLng(lat, lon)));

/** @param {readonly (readonly (readonly Position[])[])[]} polygons */
const latLngs = (polygons) => polygons.map(lines);

/** @type {CanvasPattern | null} */
let hatch = null;

/** @param {CanvasRenderingContext2D} context @returns {CanvasPattern | null} diagonal strokes */
function hatching(context) {
  if (hatch) return hatch;
  const tile = new OffscreenCanvas(HATCH_PX, HATCH_PX);
  const pen = tile.getContext("2d");
  if (!pen) return null;
  pen.strokeStyle = "rgb(16 33 47 / 42%)";
  pen.lineWidth = 1.4;
  pen.beginPath();
  for (const shift of [-HATCH_PX, 0, HATCH_PX]) {
    pen.moveTo(shift, HATCH_PX);
    pen.lineTo(shift + HATCH_PX, 0);
  }
  pen.stroke();
  hatch = context.createPattern(tile, "repeat");
  return hatch;
}

class ZoneShape extends L.Polygon {
  /** @type {ZoneLook} */
  look = { fill: "#888888", opacity: 0.3, isHatched: false, outline: "" };

  /** Leaflet's canvas calls this for every shape that it draws. */
  _updatePath() {
    const { _renderer: renderer, _parts: parts } = /** @type {any} */ (this);
    if (!renderer._drawing || parts.length === 0) return;
    renderer._updatePoly(this, true);
    if (!this.look.isHatched) return;
    /** @type {CanvasRenderingContext2D} the path just drawn is still its current one */
    const context = renderer._ctx;
    const pattern = hatching(context);
    if (!pattern) return;
    context.globalAlpha = 1;
    context.fillStyle = pattern;
    context.fill("evenodd");
  }
}

export class ZoneLayer {
  /** @type {Map<string, ZoneShape>} */
  #shapes = new Map();
  /** @type {Map<string, L.Polygon>} lines around those that are picked, above all borders */
  #outlines = new Map();

  /** @param {L.Map} map @param {string} pane @param {number} zIndex */
  constructor(map, pane, zIndex) {
    const made = map.createPane(pane);
    made.style.zIndex = String(zIndex);
    made.style.pointerEvents = "none";
    const above = map.createPane(`${pane}-outlines`);
    above.style.zIndex = "415";
    above.style.pointerEvents = "none";
    this.map = map;
    this.pane = pane;
    this.renderer = new L.Canvas({ pane, padding: 0.1 });
    this.outlineRenderer = new L.Canvas({ pane: `${pane}-outlines`, padding: 0.1 });
  }

  /** @param {string} key @param {readonly (readonly (readonly Position[])[])[]} polygons @param {ZoneLook} look */
  put(key, polygons, look) {
    const known = this.#shapes.get(key);
    if (known) {
      this.reshape(key, polygons);
      this.restyle(key, look);
      return;
    }
    const { renderer, pane } = this;
    const shape = new ZoneShape(latLngs(polygons), {
      renderer,
      pane,
      interactive: false,
      smoothFactor: 0,
      ...styleOf(look),
    });
    shape.look = look;
    this.#shapes.set(key, shape.addTo(this.map));
    this.#outline(key, shape);
  }

  /** Show it elsewhere, as it is dragged. @param {string} key @param {readonly (readonly (readonly Position[])[])[]} polygons */
  reshape(key, polygons) {
    const places = latLngs(polygons);
    this.#shapes.get(key)?.setLatLngs(places);
    this.#outlines.get(key)?.setLatLngs(places);
  }

  /** @param {string} key @param {ZoneShape} shape */
  #outline(key, shape) {
    this.#outlines.get(key)?.remove();
    this.#outlines.delete(key);
    if (!shape.look.outline) return;
    const line = new L.Polygon(/** @type {L.LatLng[][][]} */ (shape.getLatLngs()), {
      renderer: this.outlineRenderer,
      pane: `${this.pane}-outlines`,
      interactive: false,
      smoothFactor: 0,
      fill: false,
      color: shape.look.outline,
      weight: 4,
    });
    this.#outlines.set(key, line.addTo(this.map));
  }

  /** @param {string} key @param {ZoneLook} look */
  restyle(key, look) {
    const shape = this.#shapes.get(key);
    if (!shape || isSameLook(shape.look, look)) return;
    const hadOutline = shape.look.outline;
    shape.look = look;
    shape.setStyle(styleOf(look));
    if (look.outline !== hadOutline) this.#outline(key, shape);
  }

  /** @param {ReadonlySet<string>} keys those that stay */
  keepOnly(keys) {
    for (const [key, shape] of this.#shapes) {
      if (keys.has(key)) continue;
      shape.remove();
      this.#shapes.delete(key);
      this.#outlines.get(key)?.remove();
      this.#outlines.delete(key);
    }
  }
}

/** @param {ZoneLook} a @param {ZoneLook} b */
const isSameLook = (a, b) =>
  a.fill === b.fill && a.opacity === b.opacity && a.isHatched === b.isHatched && a.outline === b.outline;

/** @param {ZoneLook} look @returns {L.PathOptions} */
const styleOf = ({ fill, opacity }) => ({ fillColor: fill, fillOpacity: opacity, stroke: false });
