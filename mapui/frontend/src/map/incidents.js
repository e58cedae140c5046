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
 * @property {import("../ui/lateness.js").Lateness} lateness
 * @property {boolean} isPaused its clocks stand still
 * @property {boolean} isUrgent
 * @property {boolean} isEscalated
 * @property {string} [colour] instead of the phase's, where colours tell something else
 */

const LATE = "#ff4d5e";
const SOON = "#ffd24a";
const SELECTED = "#ffffff";
const EDGE = "#06101b";
/** The shape's share of the mark; the rest is room for the rings. */
const SHAPE_SHARE = 0.66;
/** A wall that pulses everywhere says nothing any more, and costs DOM. */
const MAX_PULSES = 20;
/** All pulses take their steps at once (map.css has ten of them): the screen is composed anew for each. */
const STEP_MS = 110;
/** What a mark is drawn from, beside its place. */
const LOOKS = /** @type {const} */ (["phase", "colour", "lateness", "isPaused", "isUrgent", "isEscalated"]);

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
    const { phase, colour = phase.colour } = this.mark;
    context.save();
    latenessRing(context, at, radius, this.mark);
    if (this.isSelected) ring(context, at, radius, SELECTED, radius * 0.16);
    trace(context, phase.shape, at.x, at.y, radius * SHAPE_SHARE);
    context.lineJoin = "round";
    context.strokeStyle = EDGE;
    context.lineWidth = radius * (isHollow(phase.shape) ? 0.55 : 0.22);
    context.stroke();
    if (isHollow(phase.shape)) {
      context.strokeStyle = colour;
      context.lineWidth = radius * 0.3;
      context.stroke();
    } else {
      context.fillStyle = colour;
      context.fill();
    }
    if (this.mark.isUrgent) badge(context, at, radius, 1, "!");
    if (this.mark.isEscalated) badge(context, at, radius, -1, "↑");
    context.restore();
  }
}

/**
 * Late is a whole ring, soon late a broken one: told apart without colours too. Paused cases have a dotted one.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {{ x: number, y: number }} at
 * @param {number} radius
 * @param {Mark} mark
 */
function latenessRing(context, at, radius, { lateness, isPaused }) {
  if (lateness !== "late" && lateness !== "soon") return;
  const dash = isPaused ? 0.12 : 0.45;
  if (isPaused || lateness === "soon") context.setLineDash([radius * dash, radius * 0.3]);
  ring(context, at, radius * 0.86, lateness === "late" ? LATE : SOON, radius * 0.2);
  context.setLineDash([]);
}

/**
 * A small sign at the shoulder of a mark.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {{ x: number, y: number }} at
 * @param {number} radius
 * @param {1 | -1} side right or left
 * @param {string} sign
 */
function badge(context, at, radius, side, sign) {
  const [x, y] = [at.x + side * radius * 0.72, at.y - radius * 0.72];
  context.beginPath();
  context.arc(x, y, radius * 0.44, 0, 2 * Math.PI);
  context.fillStyle = side > 0 ? "#ffffff" : LATE;
  context.fill();
  context.fillStyle = EDGE;
  context.font = `700 ${Math.round(radius * 0.74)}px sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(sign, x, y);
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
   * @param {boolean} [isAlarm] something went wrong there
   */
  pulse({ lon, lat }, isAlarm = false) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches || this.#pulses.size >= MAX_PULSES) return;
    const icon = new L.DivIcon({
      className: isAlarm ? "pulse pulse-alarm" : "pulse",
      iconSize: [4 * this.radius, 4 * this.radius],
    });
    const pulse = new L.Marker([lat, lon], { icon, pane: "pulses", interactive: false, keyboard: false });
    this.#pulses.add(pulse.addTo(this.map));
    const element = pulse.getElement();
    for (const animation of element?.getAnimations({ subtree: true }) ?? []) {
      animation.startTime = Math.ceil(Number(document.timeline.currentTime) / STEP_MS) * STEP_MS;
    }
    element?.addEventListener("animationend", () => {
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
    else if (LOOKS.some((key) => old[key] !== mark[key])) known.redraw();
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
