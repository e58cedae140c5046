/** Many cases at once: numbered clusters, whose ring tells of what they are made; single cases where there is room. */
import L from "leaflet";
import Supercluster from "supercluster";
import { fannedOut } from "./fan.js";
import { IncidentLayer } from "./incidents.js";

/**
 * @typedef {import("./incidents.js").Mark} Mark
 *
 * @typedef {object} Case what is known of a case without drawing it
 * @property {number} id
 * @property {number} lon
 * @property {number} lat
 * @property {number} part which part of a cluster's ring it belongs to
 *
 * @typedef {object} Options
 * @property {number} radius of a single case's mark, pixels
 * @property {() => readonly string[]} partColours those of a ring's parts
 * @property {(id: number) => Mark | undefined} markOf how a case looks now
 * @property {(id: number) => void} onSelect
 */

/** So few are all shown by themselves, at every zoom. */
const FEW = 300;
/** The last zoom of clusters. */
const MAX_ZOOM = 16;
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
  /** @type {Supercluster<{ id: number, part: number }, { counts: number[] }> | null} null: few enough to show all */
  #index = null;
  /** @type {readonly Case[]} */
  #cases = [];
  /** @type {Map<string, ClusterMarker>} by place and parts: what stays the same is not drawn anew */
  #clusters = new Map();

  /** @param {L.Map} map @param {Options} options */
  constructor(map, options) {
    this.map = map;
    this.options = options;
    this.singles = new IncidentLayer(map, { radius: options.radius, onSelect: options.onSelect });
    map.on("moveend", () => this.draw());
  }

  /** @param {readonly Case[]} cases all that are to be seen, the most important last */
  show(cases) {
    this.#cases = cases;
    this.#index = cases.length > FEW ? this.#made(cases) : null;
    this.draw();
  }

  /** Draw what is in view, as it looks now. */
  draw() {
    const index = this.#index;
    if (!index) {
      this.#drawClusters([]);
      this.#drawSingles(this.#cases.map(({ id }) => id));
      return;
    }
    const view = this.map.getBounds().pad(0.15);
    const box = /** @type {[number, number, number, number]} */ ([
      view.getWest(),
      view.getSouth(),
      view.getEast(),
      view.getNorth(),
    ]);
    const found = index.getClusters(box, Math.floor(this.map.getZoom()));
    /** @type {import("supercluster").ClusterFeature<{ counts: number[] }>[]} */
    const clusters = [];
    /** @type {number[]} */
    const singles = [];
    for (const feature of found) {
      if ("cluster_id" in feature.properties) clusters.push(/** @type {any} */ (feature));
      else singles.push(feature.properties.id);
    }
    this.#drawClusters(clusters);
    this.#drawSingles(singles);
  }

  /** @param {readonly Case[]} cases */
  #made(cases) {
    const { radius } = this.options;
    const parts = this.options.partColours();
    /** @type {Supercluster<{ id: number, part: number }, { counts: number[] }>} */
    const index = new Supercluster({
      maxZoom: MAX_ZOOM,
      minPoints: 3,
      radius: radius * REACH,
      extent: 256,
      map: ({ part }) => ({ counts: parts.map((_, n) => Number(n === part)) }),
      reduce: (sum, { counts }) => {
        // A new list: the object is a copy, what it holds is not.
        sum.counts = sum.counts.map((count, n) => count + (counts[n] ?? 0));
      },
    });
    return index.load(
      cases.map(({ id, lon, lat, part }) => ({
        type: "Feature",
        geometry: { type: "Point", coordinates: [lon, lat] },
        properties: { id, part },
      })),
    );
  }

  /** @param {readonly number[]} ids */
  #drawSingles(ids) {
    const marks = ids.map((id) => this.options.markOf(id)).filter((mark) => mark !== undefined);
    this.singles.update(fannedOut(marks, this.map, 2.2 * this.options.radius));
  }

  /** @param {readonly import("supercluster").ClusterFeature<{ counts: number[] }>[]} clusters */
  #drawClusters(clusters) {
    const left = this.#clusters;
    this.#clusters = new Map();
    for (const { geometry, properties } of clusters) {
      const [lon = 0, lat = 0] = geometry.coordinates;
      const key = `${lon} ${lat} ${properties.counts}`;
      const marker = left.get(key) ?? this.#marker(lon, lat, properties.counts);
      left.delete(key);
      marker.off("click").on("click", () => this.#enter(marker, properties.cluster_id));
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
  #enter(marker, id) {
    const zoom = Math.min(this.#index?.getClusterExpansionZoom(id) ?? MAX_ZOOM, MAX_ZOOM + 1);
    const animate = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map.setView(marker.getLatLng(), Math.max(zoom, this.map.getZoom() + 1), { animate });
  }
}
