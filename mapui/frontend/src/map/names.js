import L from "leaflet";
import { FONT } from "./base.js";
import { overlap } from "./naming.js";

/**
 * The names of a plan's zones and their figures, above everything; none is written over another.
 *
 * @typedef {import("../planner/contract.js").Position} Position
 *
 * @typedef {object} ZoneName
 * @property {Position} at
 * @property {number} width what there is room for, in degrees of longitude
 * @property {string} name
 * @property {string} below a second line: its figures
 * @property {boolean} isLocked
 * @property {boolean} isFaint
 *
 * @typedef {import("./naming.js").Box} Box
 */

const INK = "#10212f";
const FAINT_INK = "#5b6a78";
/** What the base map says is not to be read through a name. */
const GROUND = "rgb(255 255 255 / 78%)";
const FAINT_GROUND = "rgb(255 255 255 / 62%)";
const LINE_PX = 15;
const PADDING_PX = 3;
const LETTERS = `600 13px ${FONT}`;

const ruler = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(1, 1).getContext("2d"));

/** @param {string} text */
function widthOf(text) {
  ruler.font = LETTERS;
  return ruler.measureText(text).width;
}

/** A name in the middle of its zone, with what of it there is room for. */
class NameMark extends L.CircleMarker {
  /** @type {ZoneName} */
  what;
  /** @type {string[]} what is written, line by line */
  #lines = [];
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

  /**
   * Find what fits into the zone and covers no other name; its box joins those that are taken.
   *
   * @param {L.Map} map @param {Box[]} taken
   */
  place(map, taken) {
    const { name, below } = this.what;
    const middle = map.project(this.getLatLng());
    const isFitting = (/** @type {string} */ text) => text !== "" && widthOf(text) <= this.#room() * 1.1;
    const offers = [[name, below], [name], [below]].map((lines) => lines.filter(isFitting));
    this.#lines = [];
    for (const lines of offers) {
      if (lines.length === 0) continue;
      const box = boxOf(middle, lines);
      if (taken.some((other) => overlap(other, box))) continue;
      taken.push(box);
      this.#lines = lines;
      return;
    }
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
    const { isFaint, isLocked } = this.what;
    const lines = this.#lines;
    const { left, top, right, bottom } = boxOf(at, lines);
    context.globalAlpha = 1;
    if (lines.length > 0) {
      context.fillStyle = isFaint ? FAINT_GROUND : GROUND;
      context.beginPath();
      context.roundRect(left, top, right - left, bottom - top, 4);
      context.fill();
    }
    context.font = LETTERS;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = isFaint ? FAINT_INK : INK;
    for (const [n, text] of lines.entries()) {
      context.fillText(text, at.x, top + PADDING_PX + (n + 0.5) * LINE_PX);
    }
    if (isLocked && this.#room() > LINE_PX) drawLock(context, at.x, top - LINE_PX / 2);
  }
}

/** @param {L.Point} middle @param {readonly string[]} lines @returns {Box} */
function boxOf({ x, y }, lines) {
  const half = Math.max(0, ...lines.map(widthOf)) / 2 + PADDING_PX;
  const high = (lines.length * LINE_PX) / 2 + PADDING_PX;
  return { left: x - half, top: y - high, right: x + half, bottom: y + high };
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y */
function drawLock(context, x, y) {
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
    // Leaflet draws anew after each zoom; how names lie to each other differs by zoom alone.
    map.on("zoomend", () => this.#place());
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
    this.#place();
  }

  /** The widest zones first, neighbours of the scope last. */
  #place() {
    /** @type {Box[]} */
    const taken = [];
    const ordered = [...this.#marks.values()].sort(
      ({ what: a }, { what: b }) => Number(a.isFaint) - Number(b.isFaint) || b.width - a.width,
    );
    for (const mark of ordered) mark.place(this.map, taken);
  }

  /** @param {ZoneName} what */
  #make(what) {
    const { renderer } = this;
    return new NameMark(what, { renderer, pane: "zone-names", interactive: false }).addTo(this.map);
  }
}
