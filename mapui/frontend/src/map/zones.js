/** Zones of a plan: fills on a canvas of their own, hatched where changed; and their names above everything. */
import L from "leaflet";
import { FONT } from "./base.js";

/**
 * @typedef {import("../planner/contract.js").Position} Position
 *
 * @typedef {object} ZoneLook
 * @property {string} fill
 * @property {number} opacity
 * @property {boolean} isHatched
 * @property {string} outline colour of a line around it; "" for none
 *
 * @typedef {object} ZoneName
 * @property {Position} at
 * @property {number} width what there is room for, in degrees of longitude
 * @property {string} name
 * @property {string} below a second line: its figures
 * @property {boolean} isLocked
 * @property {boolean} isFaint
 */

const HATCH_PX = 9;
const INK = "#10212f";
const FAINT_INK = "#6b7a88";
const HALO = "rgb(255 255 255 / 88%)";
const LINE_PX = 15;

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

/** A name in the middle of its zone; it is left out where there is no room for it. */
class NameMark extends L.CircleMarker {
  /** @type {ZoneName} */
  what;
  /** @type {L.Bounds | undefined} what Leaflet's canvas redraws */
  _pxBounds;

  /** @param {ZoneName} what @param {L.CircleMarkerOptions} options */
  constructor(what, options) {
    super([what.at[1], what.at[0]], options);
    this.what = what;
  }

  /** @param {ZoneName} what */
  change(what) {
    this.what = what;
    this.setLatLng([what.at[1], what.at[0]]);
  }

  _updateBounds() {
    const { _point: at } = /** @type {any} */ (this);
    const half = new L.Point(this.#room() / 2 + LINE_PX, 2 * LINE_PX);
    this._pxBounds = new L.Bounds(at.subtract(half), at.add(half));
  }

  #room() {
    const { _map: map } = /** @type {any} */ (this);
    return (this.what.width * 256 * 2 ** map.getZoom()) / 360;
  }

  _updatePath() {
    const { _renderer: renderer, _point: at } = /** @type {any} */ (this);
    if (!renderer._drawing) return;
    /** @type {CanvasRenderingContext2D} */
    const context = renderer._ctx;
    context.font = `600 13px ${FONT}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const room = this.#room() * 1.1;
    const fitting = [this.what.name, this.what.below].filter(
      (text) => text && context.measureText(text).width <= room,
    );
    const top = at.y - ((fitting.length - 1) * LINE_PX) / 2;
    for (const [n, text] of fitting.entries()) this.#write(context, text, at.x, top + n * LINE_PX);
    if (this.what.isLocked && room > LINE_PX) drawLock(context, at.x, top - LINE_PX);
  }

  /** @param {CanvasRenderingContext2D} context @param {string} text @param {number} x @param {number} y */
  #write(context, text, x, y) {
    context.globalAlpha = 1;
    context.lineWidth = 3.5;
    context.lineJoin = "round";
    context.strokeStyle = HALO;
    context.strokeText(text, x, y);
    context.fillStyle = this.what.isFaint ? FAINT_INK : INK;
    context.fillText(text, x, y);
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y */
function drawLock(context, x, y) {
  context.globalAlpha = 1;
  context.beginPath();
  context.arc(x, y - 2, 3.5, Math.PI, 0);
  context.lineWidth = 2;
  context.strokeStyle = INK;
  context.stroke();
  context.fillStyle = INK;
  context.fillRect(x - 5.5, y - 2, 11, 8);
}

export class NameLayer {
  /** @type {Map<string, NameMark>} */
  #marks = new Map();

  /** @param {L.Map} map */
  constructor(map) {
    const pane = map.createPane("zone-names");
    pane.style.zIndex = "420";
    pane.style.pointerEvents = "none";
    this.map = map;
    this.renderer = new L.Canvas({ pane: "zone-names", padding: 0.1 });
  }

  /** @param {ReadonlyMap<string, ZoneName>} names */
  show(names) {
    for (const [key, mark] of this.#marks) {
      if (names.has(key)) continue;
      mark.remove();
      this.#marks.delete(key);
    }
    for (const [key, what] of names) {
      const known = this.#marks.get(key);
      if (known) known.change(what);
      else this.#marks.set(key, this.#make(what));
    }
  }

  /** @param {ZoneName} what */
  #make(what) {
    const { renderer } = this;
    return new NameMark(what, { renderer, pane: "zone-names", interactive: false }).addTo(this.map);
  }
}
