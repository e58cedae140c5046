/** Many cases at once: numbered clusters, whose ring tells of what they are made; single cases where there is room. */
import L from "leaflet";
import { fannedOut } from "../fan.js";
import { IncidentLayer } from "../incidents.js";
import { Sorter } from "./sorter.js";
import { MAX_ZOOM } from "./zooms.js";

/**
 * @typedef {import("../incidents.js").Mark} Mark
 * @typedef {import("./sorting.js").Cluster} Cluster
 *
 * @typedef {object} Case what is known of a case without drawing it
 * @property {number} id
 * @property {number} lon
 * @property {number} lat
 * @property {number} part which part of a cluster's ring it belongs to
 *
 * @typedef {object} Options
 * @property {number} radius of a single case's mark, pixels
 * @property {string} sorter the address of the script that sorts cases into clusters
 * @property {() => readonly string[]} partColours those of a ring's parts
 * @property {(id: number) => Mark | undefined} markOf how a case looks now
 * @property {(id: number) => void} onSelect
 */

/** So few are all shown by themselves, at every zoom. */
const FEW = 300;
/** Radius of what is put together, as a multiple of the mark's. */
const REACH = 5;
const EDGE = "#06101b";
const DISC = "rgb(9 24 40 / 92%)";
const INK = "#ffffff";

/** A disc with a number, and a ring divided by the parts. */
class ClusterMarker extends L.CircleMarker {
  /** @type {number[]} */
  counts;
  /** @type {readonly string[]} */
  colours;

  /** @param {L.LatLngExpression} at @param {L.CircleMarkerOptions} options @param {number[]} counts @param {readonly string[]} colours */
  constructor(at, options, counts, colours) {
    super(at, options);
    this.counts = counts;
    this.colours = colours;
  }

  /** Leaflet's canvas calls this for every mark that it draws. */
  _updatePath() {
    const { _renderer: renderer, _point: at, _radius: radius } = /** @type {any} */ (this);
    if (!renderer._drawing || /** @type {any} */ (this)._empty()) return;
    /** @type {CanvasRenderingContext2D} */
    const context = renderer._ctx;
    const total = this.counts.reduce((sum, count) => sum + count, 0);
    context.save();
    context.beginPath();
    context.arc(at.x, at.y, radius, 0, 2 * Math.PI);
    context.fillStyle = DISC;
    context.fill();
    context.lineWidth = radius * 0.1;
    context.strokeStyle = EDGE;
    context.stroke();
    let from = -Math.PI / 2;
    context.lineWidth = radius * 0.24;
    for (const [part, count] of this.counts.entries()) {
      const to = from + (2 * Math.PI * count) / total;
      context.beginPath();
      context.arc(at.x, at.y, radius * 0.84, from, to);
      context.strokeStyle = this.colours[part] ?? INK;
      context.stroke();
      from = to;
    }
    context.fillStyle = INK;
    context.font = `700 ${Math.round(radius * (total < 1000 ? 0.72 : 0.6))}px sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(abbreviated(total), at.x, at.y + radius * 0.05);
    context.restore();
  }
}

/** @param {number} count */
const abbreviated = (count) => (count < 10_000 ? String(count) : `${Math.round(count / 1000)}k`);

export class ClusterLayer {
  /** @type {readonly Case[]} */
  #cases = [];
  /** What was asked last: an answer about another view, or about other cases, comes too late. */
  #view = 0;
  /** @type {Map<string, ClusterMarker>} by place and parts: what stays the same is not drawn anew */
  #clusters = new Map();

  /** @param {L.Map} map @param {Options} options */
  constructor(map, options) {
    this.map = map;
    this.options = options;
    this.sorter = new Sorter(options.sorter, () => this.show(this.#cases));
    this.singles = new IncidentLayer(map, { radius: options.radius, onSelect: options.onSelect });
    map.on("moveend", () => this.#draw());
  }

  /** @param {readonly Case[]} cases all that are to be seen, the most important last */
  show(cases) {
    this.#cases = cases;
    if (this.#areMany) this.#sort();
    this.#draw();
  }

  get #areMany() {
    return this.#cases.length > FEW;
  }

  #sort() {
    const { radius, partColours } = this.options;
    const count = this.#cases.length;
    const [ids, lons, lats] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
    const parts = new Uint8Array(count);
    // Not by `from` with a function: for 20,000 cases that takes longer than a frame.
    for (const [n, { id, lon, lat, part }] of this.#cases.entries()) {
      ids[n] = id;
      lons[n] = lon;
      lats[n] = lat;
      parts[n] = part;
    }
    this.sorter.sort({ ids, lons, lats, parts, partCount: partColours().length, radius: radius * REACH });
  }

  /** Draw what is in view, as it looks now. */
  async #draw() {
    const view = ++this.#view;
    if (!this.#areMany) {
      this.#drawClusters([]);
      this.#drawSingles(this.#cases.map(({ id }) => id));
      return;
    }
    const around = this.map.getBounds().pad(0.15);
    const { clusters, singles } = await this.sorter.within(
      [around.getWest(), around.getSouth(), around.getEast(), around.getNorth()],
      Math.floor(this.map.getZoom()),
    );
    if (view !== this.#view) return;
    this.#drawClusters(clusters);
    this.#drawSingles(singles);
  }

  /** @param {readonly number[]} ids */
  #drawSingles(ids) {
    const marks = ids.map((id) => this.options.markOf(id)).filter((mark) => mark !== undefined);
    this.singles.update(fannedOut(marks, this.map, 2.2 * this.options.radius));
  }

  /** @param {readonly Cluster[]} clusters */
  #drawClusters(clusters) {
    const left = this.#clusters;
    this.#clusters = new Map();
    for (const { id, lon, lat, counts } of clusters) {
      const key = `${lon} ${lat} ${counts}`;
      const marker = left.get(key) ?? this.#marker(lon, lat, counts);
      left.delete(key);
      marker.off("click").on("click", () => this.#enter(marker, id));
      this.#clusters.set(key, marker);
    }
    for (const marker of left.values()) marker.remove();
  }

  /** @param {number} lon @param {number} lat @param {number[]} counts */
  #marker(lon, lat, counts) {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const radius = this.options.radius * (1.15 + 0.32 * Math.log10(total));
    const options = { renderer: this.singles.renderer, radius, weight: 0, bubblingMouseEvents: false };
    return new ClusterMarker([lat, lon], options, counts, this.options.partColours()).addTo(this.map);
  }

  /** Come so near that the cluster falls apart. @param {ClusterMarker} marker @param {number} id */
  async #enter(marker, id) {
    const zoom = Math.min(await this.sorter.expansionZoom(id), MAX_ZOOM + 1);
    const animate = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map.setView(marker.getLatLng(), Math.max(zoom, this.map.getZoom() + 1), { animate });
  }
}
