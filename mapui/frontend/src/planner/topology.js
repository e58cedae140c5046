/**
 * The borders of zones as arcs: each stretch between two nodes exists once, so that both its zones follow it.
 * Built by topojson without quantization: every position is the very one that was served. What is dragged
 * lies over the arcs as a preview, until the server's answer replaces them or it is taken off.
 *
 * @typedef {import("./contract.js").Position} Position
 * @typedef {import("./contract.js").Zone} Zone
 *
 * @typedef {object} Arc
 * @property {number} index
 * @property {readonly Position[]} points as served
 * @property {string[]} zones the one or two zones that it bounds
 *
 * @typedef {"" | "outer" | "locked"} Hindrance why a vertex stays where it is
 *
 * @typedef {object} Touched what a preview changes
 * @property {number[]} arcs
 * @property {string[]} zones
 */
import { topology } from "topojson-server";

/** @param {Position} position */
const placeOf = ([lon, lat]) => `${lon},${lat}`;
/** @param {readonly Position[]} points @returns {Position} */
const first = (points) => /** @type {Position} */ (points[0]);
/** @param {readonly Position[]} points @returns {Position} */
const last = (points) => /** @type {Position} */ (points[points.length - 1]);

export class Topology {
  /** @type {Arc[]} */
  arcs = [];
  /** @type {Map<string, number[][][]>} for each zone its polygons' rings, as signed numbers of arcs */
  #shapes = new Map();
  /** @type {Map<string, number[]>} the arcs that end at a place */
  #ends = new Map();
  /** @type {Map<number, Position[]>} */
  #preview = new Map();
  /** @type {Set<string>} */
  #locked;

  /** @param {readonly Zone[]} zones */
  constructor(zones) {
    this.#locked = new Set(zones.filter((zone) => zone.properties.is_locked).map((zone) => zone.id));
    // The library turns rings in place: it gets arrays of its own, with the same numbers in them.
    const features = zones.map(({ id, geometry }) => ({
      type: "Feature",
      id,
      properties: {},
      geometry: { ...geometry, coordinates: structuredClone(geometry.coordinates) },
    }));
    /** @type {any} */
    const built = topology({ zones: /** @type {any} */ ({ type: "FeatureCollection", features }) });
    this.arcs = built.arcs.map((/** @type {Position[]} */ points, /** @type {number} */ index) => ({
      index,
      points,
      zones: [],
    }));
    for (const { id, type, arcs } of built.objects.zones.geometries) {
      this.#shapes.set(id, type === "Polygon" ? [arcs] : arcs);
    }
    this.#findOwners();
    for (const { index, points } of this.arcs) {
      for (const end of new Set([placeOf(first(points)), placeOf(last(points))])) {
        this.#ends.set(end, [...(this.#ends.get(end) ?? []), index]);
      }
    }
  }

  #findOwners() {
    for (const [key, polygons] of this.#shapes) {
      for (const signed of polygons.flat(2)) {
        const { zones } = this.#arc(signed < 0 ? ~signed : signed);
        if (!zones.includes(key)) zones.push(key);
      }
    }
  }

  /** @param {number} index @returns {Arc} */
  #arc(index) {
    const arc = this.arcs[index];
    if (!arc) throw new RangeError(`There is no arc ${index}`);
    return arc;
  }

  /** @param {number} index @returns {readonly Position[]} the arc as it is shown: with what is dragged */
  points(index) {
    return this.#preview.get(index) ?? this.#arc(index).points;
  }

  /** @param {string} zone @returns {Position[][][]} its polygons, rings and positions as they are shown */
  polygons(zone) {
    const shape = this.#shapes.get(zone) ?? [];
    return shape.map((rings) => rings.map((ring) => this.#ring(ring)));
  }

  /** @param {number[]} ring */
  #ring(ring) {
    /** @type {Position[]} */
    const points = [];
    for (const signed of ring) {
      const own = this.points(signed < 0 ? ~signed : signed);
      const ordered = signed < 0 ? own.toReversed() : own;
      // Each arc begins where the one before it ends.
      points.push(...(points.length > 0 ? ordered.slice(1) : ordered));
    }
    return points;
  }

  /** @param {number} index @param {number} vertex @returns {boolean} whether borders meet there */
  isNode(index, vertex) {
    return vertex === 0 || vertex === this.points(index).length - 1;
  }

  /** @param {number} index @returns {boolean} whether it bounds the scope itself */
  isOuter(index) {
    return this.#arc(index).zones.length < 2;
  }

  /**
   * @param {number} index
   * @param {number} [vertex] without it: for the arc as a whole
   * @returns {Hindrance}
   */
  hindrance(index, vertex) {
    const arcs = vertex !== undefined && this.isNode(index, vertex) ? this.#meeting(index, vertex) : [index];
    if (arcs.some((arc) => this.isOuter(arc))) return "outer";
    return arcs.some((arc) => this.#arc(arc).zones.some((zone) => this.#locked.has(zone))) ? "locked" : "";
  }

  /** @param {number} index @param {number} vertex @returns {number[]} the arcs that end at a node of this one */
  #meeting(index, vertex) {
    const { points } = this.#arc(index);
    return this.#ends.get(placeOf(vertex === 0 ? first(points) : last(points))) ?? [index];
  }

  /**
   * Show a vertex elsewhere; a node takes along every arc that ends there.
   *
   * @param {number} index
   * @param {number} vertex
   * @param {Position} to
   * @returns {Touched}
   */
  move(index, vertex, to) {
    if (!this.isNode(index, vertex)) {
      this.#preview.set(index, this.points(index).with(vertex, to));
      return this.#touched([index]);
    }
    const place = placeOf(vertex === 0 ? first(this.#arc(index).points) : last(this.#arc(index).points));
    const arcs = this.#meeting(index, vertex);
    for (const arc of arcs) {
      const { points } = this.#arc(arc);
      let shown = [...this.points(arc)];
      if (placeOf(first(points)) === place) shown = shown.with(0, to);
      if (placeOf(last(points)) === place) shown = shown.with(-1, to);
      this.#preview.set(arc, shown);
    }
    return this.#touched(arcs);
  }

  /**
   * Show a new vertex before the one at `vertex`.
   *
   * @param {number} index @param {number} vertex @param {Position} at @returns {Touched}
   */
  insert(index, vertex, at) {
    this.#preview.set(index, this.points(index).toSpliced(vertex, 0, at));
    return this.#touched([index]);
  }

  /** Show the arc without a vertex; a node can't be left out. @param {number} index @param {number} vertex @returns {Touched} */
  remove(index, vertex) {
    if (!this.isNode(index, vertex)) this.#preview.set(index, this.points(index).toSpliced(vertex, 1));
    return this.#touched([index]);
  }

  /** Take all previews off. @returns {Touched} */
  reset() {
    const arcs = [...this.#preview.keys()];
    this.#preview.clear();
    return this.#touched(arcs);
  }

  /** @param {number[]} arcs @returns {Touched} */
  #touched(arcs) {
    return { arcs, zones: [...new Set(arcs.flatMap((arc) => this.#arc(arc).zones))] };
  }

  /** @returns {Map<string, Set<string>>} for each zone those that share a stretch of border with it */
  neighbours() {
    /** @type {Map<string, Set<string>>} */
    const beside = new Map([...this.#shapes.keys()].map((key) => [key, new Set()]));
    for (const { zones } of this.arcs) {
      const [a, b] = zones;
      if (a === undefined || b === undefined) continue;
      beside.get(a)?.add(b);
      beside.get(b)?.add(a);
    }
    return beside;
  }
}
