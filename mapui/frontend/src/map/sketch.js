/** Drawing a line or an area, point by point, with a mouse or a finger. */
import L from "leaflet";
import { isSameClick } from "./clicks.js";

/**
 * @typedef {import("../planner/contract.js").Position} Position
 * @typedef {import("../planner/snapping.js").Snap} Snap
 *
 * @typedef {object} SketchOptions
 * @property {boolean} isArea
 * @property {(at: Position) => Snap} snap
 * @property {(points: readonly Snap[]) => void} onChange
 * @property {(points: readonly Snap[]) => void} onFinish
 */

const STYLE = { color: "#c2185b", weight: 3, interactive: false };

/** @param {Position} at */
const latLng = ([lon, lat]) => new L.LatLng(lat, lon);

export class Sketch {
  /** @type {Snap[]} */
  #points = [];
  /** The last click was where the one before it was. */
  #isRepeated = false;
  /** @type {SketchOptions | null} */
  #options = null;
  #group = new L.LayerGroup();
  #line = new L.Polyline([], STYLE);
  #area = new L.Polygon([], { ...STYLE, weight: 0, fillOpacity: 0.18 });
  #ahead = new L.Polyline([], { ...STYLE, dashArray: "5 6", weight: 2 });
  #snapMark = new L.CircleMarker([0, 0], { ...STYLE, radius: 7, weight: 2, fill: false });

  /** @param {L.Map} map */
  constructor(map) {
    this.map = map;
    map.createPane("sketch").style.zIndex = "610";
    const renderer = new L.SVG({ pane: "sketch" });
    for (const layer of [this.#line, this.#area, this.#ahead, this.#snapMark]) {
      layer.options.renderer = renderer;
      layer.options.pane = "sketch";
    }
    map.on("mousemove", ({ latlng }) => this.#hover([latlng.lng, latlng.lat]));
    map.on("dblclick", (event) => {
      if (!this.#options) return;
      L.DomEvent.stop(event);
      // Two quick taps at two places are taken for one double tap.
      if (this.#isRepeated) this.finish();
    });
  }

  get isDrawing() {
    return this.#options !== null;
  }

  /** @param {SketchOptions} options */
  begin(options) {
    this.cancel();
    this.#options = options;
    this.map.doubleClickZoom.disable();
    this.map.getContainer().classList.add("is-drawing");
    this.#group.addTo(this.map);
    for (const layer of [this.#area, this.#line, this.#ahead]) layer.addTo(this.#group);
    this.#changed();
  }

  /** Somebody clicked. @param {Position} at */
  add(at) {
    if (!this.#options) return;
    const snap = this.#options.snap(at);
    const before = this.#points.at(-1);
    this.#isRepeated = before !== undefined && isSameClick(this.map, before.at, snap.at);
    if (this.#isRepeated) return;
    this.#points.push(snap);
    this.showSnap(snap);
    this.#changed();
  }

  /** Ring what a point snaps to, if it does. @param {Snap | null} snap */
  showSnap(snap) {
    if (snap?.to) this.#snapMark.setLatLng(latLng(snap.at)).addTo(this.map);
    else this.#snapMark.remove();
  }

  removeLast() {
    this.#points.pop();
    this.#changed();
  }

  finish() {
    const options = this.#options;
    const points = [...this.#points];
    if (!options || points.length < (options.isArea ? 3 : 2)) return;
    options.onFinish(points);
  }

  /** Take the drawing off. */
  cancel() {
    this.#options = null;
    this.#points = [];
    this.#changed();
    this.#ahead.setLatLngs([]);
    this.showSnap(null);
    this.#group.remove();
    this.map.doubleClickZoom.enable();
    this.map.getContainer().classList.remove("is-drawing");
  }

  #changed() {
    const drawn = this.#points.map(({ at }) => latLng(at));
    this.#line.setLatLngs(drawn);
    this.#area.setLatLngs(this.#options?.isArea ? drawn : []);
    this.#options?.onChange(this.#points);
  }

  /** @param {Position} at */
  #hover(at) {
    if (!this.#options) return;
    const snap = this.#options.snap(at);
    this.showSnap(snap);
    const last = this.#points.at(-1);
    const first = this.#options.isArea && this.#points.length > 1 ? this.#points[0] : undefined;
    const ends = [last, snap, first].filter((end) => end !== undefined);
    this.#ahead.setLatLngs(last ? ends.map((end) => latLng(end.at)) : []);
  }
}
