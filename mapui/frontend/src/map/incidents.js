import L from "leaflet";
import { isHollow, trace } from "../layers/shapes.js";

/**
 * @typedef {import("../layers/states.js").Phase} Phase
 *
 * @typedef {object} Mark an incident on the map
 * @property {number} id
 * @property {number} lon
 * @property {number} lat
 * @property {Phase} phase
 * @property {boolean} isLate
 */

const LATE = "#ff4d5e";
const SELECTED = "#ffffff";
const EDGE = "#06101b";
/** The shape's share of the mark; the rest is room for the rings. */
const SHAPE_SHARE = 0.66;
/** A wall that pulses everywhere says nothing any more, and costs DOM. */
const MAX_PULSES = 20;

/** A mark whose outline tells the phase; a ring tells that the case is late or selected. */
class StateMarker extends L.CircleMarker {
  /** @type {Mark} */
  mark;
  isSelected = false;

  /** @param {Mark} mark @param {L.CircleMarkerOptions} options */
  constructor(mark, options) {
    super([mark.lat, mark.lon], options);
    this.mark = mark;
  }

  /** Leaflet's canvas calls this for every mark that it draws. */
  _updatePath() {
    const { _renderer: renderer, _point: at, _radius: radius } = /** @type {any} */ (this);
    if (!renderer._drawing || /** @type {any} */ (this)._empty()) return;
    /** @type {CanvasRenderingContext2D} */
    const context = renderer._ctx;
    const { phase, isLate } = this.mark;
    context.save();
    if (isLate) ring(context, at, radius * 0.86, LATE, radius * 0.2);
    if (this.isSelected) ring(context, at, radius, SELECTED, radius * 0.16);
    trace(context, phase.shape, at.x, at.y, radius * SHAPE_SHARE);
    context.lineJoin = "round";
    context.strokeStyle = EDGE;
    context.lineWidth = radius * (isHollow(phase.shape) ? 0.55 : 0.22);
    context.stroke();
    if (isHollow(phase.shape)) {
      context.strokeStyle = phase.colour;
      context.lineWidth = radius * 0.3;
      context.stroke();
    } else {
      context.fillStyle = phase.colour;
      context.fill();
    }
    context.restore();
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ x: number, y: number }} at
 * @param {number} radius
 * @param {string} colour
 * @param {number} width
 */
function ring(context, at, radius, colour, width) {
  context.beginPath();
  context.arc(at.x, at.y, radius, 0, 2 * Math.PI);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

/** The live incidents: canvas marks in a pane of their own. */
export class IncidentLayer {
  /** @type {Map<number, StateMarker>} */
  #markers = new Map();
  /** @type {Set<L.Marker>} */
  #pulses = new Set();
  /** @type {number | null} */
  #selected = null;

  /**
   * @param {L.Map} map
   * @param {{ radius: number, onSelect: (id: number) => void }} options radius in pixels
   */
  constructor(map, { radius, onSelect }) {
    this.map = map;
    this.radius = radius;
    this.onSelect = onSelect;
    map.createPane("incidents").style.zIndex = "450";
    map.createPane("pulses").style.zIndex = "440";
    this.renderer = new L.Canvas({ pane: "incidents", padding: 0.2 });
  }

  /** @param {readonly Mark[]} marks all that is to be seen, the most important last */
  update(marks) {
    const seen = new Set(marks.map((mark) => mark.id));
    for (const [id, marker] of this.#markers) {
      if (seen.has(id)) continue;
      marker.remove();
      this.#markers.delete(id);
    }
    for (const mark of marks) this.#put(mark);
  }

  /** @param {number | null} id the incident to ring, or none */
  select(id) {
    for (const known of [this.#selected, id]) {
      const marker = known === null ? undefined : this.#markers.get(known);
      if (!marker) continue;
      marker.isSelected = known === id;
      marker.redraw();
    }
    this.#selected = id;
  }

  /**
   * Let a place pulse a few times: something is new there.
   *
   * @param {{ lon: number, lat: number }} place
   */
  pulse({ lon, lat }) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches || this.#pulses.size >= MAX_PULSES) return;
    const icon = new L.DivIcon({ className: "pulse", iconSize: [4 * this.radius, 4 * this.radius] });
    const pulse = new L.Marker([lat, lon], { icon, pane: "pulses", interactive: false, keyboard: false });
    this.#pulses.add(pulse.addTo(this.map));
    pulse.getElement()?.addEventListener("animationend", () => {
      pulse.remove();
      this.#pulses.delete(pulse);
    });
  }

  /** @param {Mark} mark */
  #put(mark) {
    const known = this.#markers.get(mark.id);
    if (!known) {
      this.#add(mark);
      return;
    }
    const { mark: old } = known;
    known.mark = mark;
    if (old.lon !== mark.lon || old.lat !== mark.lat) known.setLatLng([mark.lat, mark.lon]);
    else if (old.phase !== mark.phase || old.isLate !== mark.isLate) known.redraw();
  }

  /** @param {Mark} mark */
  #add(mark) {
    const marker = new StateMarker(mark, {
      renderer: this.renderer,
      radius: this.radius,
      weight: 0,
      bubblingMouseEvents: false,
    });
    marker.isSelected = mark.id === this.#selected;
    marker.on("click", () => this.onSelect(mark.id));
    this.#markers.set(mark.id, marker.addTo(this.map));
  }
}
