/** The borders of zones: one line per arc, and handles on the one that is edited. */
import L from "leaflet";

/**
 * @typedef {import("../planner/contract.js").Position} Position
 *
 * @typedef {"inner" | "upper" | "outer" | "near" | "chosen"} ArcKind upper: between zones of two parents
 *
 * @typedef {object} ArcShown
 * @property {number} index
 * @property {readonly Position[]} points
 * @property {ArcKind} kind
 *
 * @typedef {object} Handle
 * @property {number} vertex
 * @property {boolean} isNode
 * @property {boolean} isFixed it can't be moved
 *
 * @typedef {object} HandleEvents
 * @property {(vertex: number) => void} onGrip a drag begins
 * @property {(vertex: number) => void} onInsert a drag begins that makes a new vertex before this one
 * @property {(vertex: number, to: Position, isFree?: boolean) => Position} onMove returns the place that it
 *   snapped to; a free move snaps to nothing
 * @property {(vertex: number, to: Position, isInserted: boolean) => void} onDrop
 * @property {(vertex: number) => void} onPick a point that can be removed is clicked or tapped
 * @property {(vertex: number) => void} onRemove
 * @property {(vertex: number) => void} onFixed somebody tried to move what can't be moved
 */

/** @type {Record<ArcKind, L.PathOptions>} */
const STYLES = {
  inner: { color: "#23496e", weight: 1.6, opacity: 0.9, dashArray: "" },
  upper: { color: "#12365a", weight: 3.4, opacity: 0.95, dashArray: "" },
  outer: { color: "#3d3d46", weight: 3.4, opacity: 0.9, dashArray: "10 5" },
  near: { color: "#e05a00", weight: 4, opacity: 0.85, dashArray: "" },
  chosen: { color: "#e05a00", weight: 4, opacity: 1, dashArray: "" },
};
/** What a finger needs, and a mouse. */
const TOUCH_PX = 44;
const MOUSE_PX = 22;

/** @type {Record<string, [number, number]>} */
const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** @param {Position} position */
const latLng = ([lon, lat]) => new L.LatLng(lat, lon);
/** @param {L.LatLng} at @returns {Position} */
const position = ({ lng, lat }) => [lng, lat];

export class ArcLayer {
  /** @type {Map<string, L.Polyline>} by their ends and middle: an arc that stays keeps its line */
  #lines = new Map();
  /** @type {Map<number, L.Polyline>} */
  #byIndex = new Map();

  /** @param {L.Map} map */
  constructor(map) {
    const pane = map.createPane("arcs");
    pane.style.zIndex = "400";
    pane.style.pointerEvents = "none";
    this.map = map;
    this.renderer = new L.Canvas({ pane: "arcs", padding: 0.1 });
  }

  /** @param {readonly ArcShown[]} arcs all of them */
  show(arcs) {
    const left = this.#lines;
    this.#lines = new Map();
    this.#byIndex.clear();
    for (const { index, points, kind } of arcs) {
      const sign = points.join(";");
      const line = left.get(sign) ?? this.#make(points);
      left.delete(sign);
      line.setStyle(STYLES[kind]);
      this.#lines.set(sign, line);
      this.#byIndex.set(index, line);
    }
    for (const line of left.values()) line.remove();
  }

  /** @param {readonly Position[]} points */
  #make(points) {
    const { renderer } = this;
    const options = { renderer, pane: "arcs", interactive: false, smoothFactor: 0 };
    return new L.Polyline(points.map(latLng), options).addTo(this.map);
  }

  /** Show an arc as it is dragged. @param {number} index @param {readonly Position[]} points */
  reshape(index, points) {
    this.#byIndex.get(index)?.setLatLngs(points.map(latLng));
  }

  /** @param {number} index @param {ArcKind} kind */
  mark(index, kind) {
    const line = this.#byIndex.get(index);
    line?.setStyle(STYLES[kind]);
    if (kind === "near" || kind === "chosen") line?.bringToFront();
  }
}

export class ArcHandles {
  #group = new L.LayerGroup();

  /** @param {L.Map} map @param {HandleEvents} events @param {(handle: Handle) => string} labelOf */
  constructor(map, events, labelOf) {
    this.map = map;
    this.events = events;
    this.labelOf = labelOf;
    map.createPane("handles").style.zIndex = "620";
    this.#group.addTo(map);
  }

  /** @param {readonly Position[]} points of the arc @param {readonly Handle[]} handles one for each */
  show(points, handles) {
    this.clear();
    const isClosed = String(points[0]) === String(points.at(-1));
    for (const [n, handle] of handles.entries()) {
      const here = /** @type {Position} */ (points[n]);
      const before = points[n - 1];
      if (before) this.#addMiddle(handle.vertex, before, here);
      if (!(isClosed && n === handles.length - 1)) this.#addVertex(handle, here);
    }
  }

  clear() {
    this.#group.clearLayers();
    this.map.getContainer().classList.remove("is-dragging");
  }

  /** @param {Handle} handle @param {Position} at */
  #addVertex(handle, at) {
    const kind = handle.isFixed ? "handle-fixed" : handle.isNode ? "handle-node" : "handle-vertex";
    const marker = this.#marker(at, kind, this.labelOf(handle), !handle.isFixed);
    const { vertex } = handle;
    if (handle.isFixed) marker.on("click mousedown", () => this.events.onFixed(vertex));
    else {
      this.#follow(marker, vertex, () => this.events.onGrip(vertex), false);
      this.#nudge(marker, vertex);
    }
    if (handle.isFixed || handle.isNode) return;
    marker.on("click", () => {
      marker.getElement()?.focus();
      this.events.onPick(vertex);
    });
    marker.on("contextmenu", (event) => {
      L.DomEvent.stop(event);
      this.events.onRemove(vertex);
    });
    marker.on("keydown", ({ originalEvent }) => {
      if (originalEvent.key === "Delete") this.events.onRemove(vertex);
    });
  }

  /** Arrow keys move it by a pixel (with Shift by ten), Enter sends it. @param {L.Marker} marker @param {number} vertex */
  #nudge(marker, vertex) {
    let isMoved = false;
    marker.on("keydown", (event) => {
      const { key, shiftKey } = event.originalEvent;
      const step = STEPS[key];
      if (step) {
        if (!isMoved) this.events.onGrip(vertex);
        isMoved = true;
        const here = this.map.latLngToLayerPoint(marker.getLatLng());
        const there = this.map.layerPointToLatLng(
          here.add(new L.Point(...step).multiplyBy(shiftKey ? 10 : 1)),
        );
        marker.setLatLng(latLng(this.events.onMove(vertex, position(there), true)));
      } else if (key === "Enter" && isMoved) this.events.onDrop(vertex, position(marker.getLatLng()), false);
      else return;
      // The map would move with the arrows.
      L.DomEvent.stop(event.originalEvent);
    });
  }

  /** @param {number} vertex the one after it @param {Position} a @param {Position} b */
  #addMiddle(vertex, a, b) {
    const at = /** @type {Position} */ ([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]);
    const marker = this.#marker(at, "handle-middle", "", true);
    this.#follow(marker, vertex, () => this.events.onInsert(vertex), true);
  }

  /** @param {L.Marker} marker @param {number} vertex @param {() => void} begin @param {boolean} isInserted */
  #follow(marker, vertex, begin, isInserted) {
    let at = position(marker.getLatLng());
    marker.on("dragstart", () => {
      this.map.getContainer().classList.add("is-dragging");
      begin();
    });
    marker.on("drag", () => {
      at = this.events.onMove(vertex, position(marker.getLatLng()));
    });
    marker.on("dragend", () => {
      this.map.getContainer().classList.remove("is-dragging");
      marker.setLatLng(latLng(at));
      this.events.onDrop(vertex, at, isInserted);
    });
  }

  /** @param {Position} at @param {string} kind @param {string} label @param {boolean} canDrag */
  #marker(at, kind, label, canDrag) {
    const size = matchMedia("(pointer: coarse)").matches ? TOUCH_PX : MOUSE_PX;
    const icon = new L.DivIcon({ className: `handle ${kind}`, iconSize: [size, size] });
    const options = {
      icon,
      pane: "handles",
      draggable: canDrag,
      keyboard: label !== "",
      title: label,
      alt: label,
    };
    return new L.Marker(latLng(at), options).addTo(this.#group);
  }
}
