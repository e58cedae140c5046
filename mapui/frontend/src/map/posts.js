/** Posts on the map: one mark for each unit that has some, with how many of them are on duty. */
import L from "leaflet";
import { overlap } from "./naming.js";

/**
 * @typedef {object} PostGroup the posts of a unit, which are at one place
 * @property {number} unit_id
 * @property {string} unit_name
 * @property {number} lon
 * @property {number} lat
 * @property {readonly Post[]} posts
 *
 * @typedef {object} Post
 * @property {number} id
 * @property {string} kind
 * @property {boolean} is_deputy
 * @property {boolean} is_vacant
 * @property {boolean} is_on_duty
 */

const PANE = "posts";
const ON_DUTY = "#3fd6a0";
const OFF_DUTY = "#8aa0b6";
const DARK = "#06101b";
/** Half of the room that a mark takes, in radii: a crowd of badges would hide the map. */
const SPACE = 2;

/** A badge with a person's outline: full for somebody on duty, hollow for nobody. */
class PostMarker extends L.CircleMarker {
  /** @type {PostGroup} */
  group;

  /** @param {PostGroup} group @param {L.CircleMarkerOptions} options */
  constructor(group, options) {
    super([group.lat, group.lon], options);
    this.group = group;
  }

  /** Leaflet's canvas calls this for every mark that it draws. */
  _updatePath() {
    const { _renderer: renderer, _point: at, _radius: radius } = /** @type {any} */ (this);
    if (!renderer._drawing || /** @type {any} */ (this)._empty()) return;
    /** @type {CanvasRenderingContext2D} */
    const context = renderer._ctx;
    const onDuty = this.group.posts.filter((post) => post.is_on_duty).length;
    const colour = onDuty > 0 ? ON_DUTY : OFF_DUTY;
    context.save();
    context.translate(at.x, at.y);
    context.beginPath();
    context.roundRect(-radius, -radius, 2 * radius, 2 * radius, radius * 0.5);
    context.fillStyle = onDuty > 0 ? colour : DARK;
    context.fill();
    context.lineWidth = radius * 0.2;
    context.strokeStyle = onDuty > 0 ? DARK : colour;
    context.stroke();
    context.fillStyle = onDuty > 0 ? DARK : colour;
    context.beginPath();
    context.arc(0, -radius * 0.3, radius * 0.32, 0, 2 * Math.PI);
    context.fill();
    context.beginPath();
    context.arc(0, radius * 0.72, radius * 0.6, Math.PI, 2 * Math.PI);
    context.fill();
    if (onDuty > 1) this.#count(context, radius, onDuty);
    context.restore();
  }

  /** @param {CanvasRenderingContext2D} context @param {number} radius @param {number} count */
  #count(context, radius, count) {
    context.beginPath();
    context.arc(radius, -radius, radius * 0.68, 0, 2 * Math.PI);
    context.fillStyle = "#ffffff";
    context.fill();
    context.fillStyle = DARK;
    context.font = `700 ${Math.round(radius)}px sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(String(count), radius, -radius * 0.95);
  }
}

export class PostLayer {
  #group = new L.LayerGroup();
  /** @type {readonly PostGroup[]} */
  #groups = [];

  /**
   * @param {L.Map} map
   * @param {object} options
   * @param {number} options.radius pixels
   * @param {(group: PostGroup) => HTMLElement} options.words what is said of a group
   * @param {(group: PostGroup) => void} options.onSelect
   */
  constructor(map, { radius, words, onSelect }) {
    this.map = map;
    this.radius = radius;
    this.words = words;
    this.onSelect = onSelect;
    map.createPane(PANE).style.zIndex = "430";
    this.renderer = new L.Canvas({ pane: PANE, padding: 0.1 });
    this.#group.addTo(map);
    map.on("zoomend", () => this.#draw());
  }

  /** @param {readonly PostGroup[]} groups the more important ones first: where there is no room, the others wait,
   *   as do all with nobody on duty */
  show(groups) {
    const isOnDuty = (/** @type {PostGroup} */ { posts }) => posts.some((post) => post.is_on_duty);
    this.#groups = [...groups].sort((a, b) => Number(isOnDuty(b)) - Number(isOnDuty(a)));
    this.#draw();
  }

  #draw() {
    this.#group.clearLayers();
    const { radius } = this;
    /** @type {import("./naming.js").Box[]} */
    const taken = [];
    for (const group of this.#groups) {
      // Above its unit's name, which stands in the very same place.
      const { x, y } = this.map.project([group.lat, group.lon]).subtract([0, 2.6 * radius]);
      const reach = SPACE * radius;
      const box = { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach };
      if (taken.some((other) => overlap(other, box))) continue;
      taken.push(box);
      const { lat, lng: lon } = this.map.unproject([x, y]);
      const { renderer } = this;
      const options = { renderer, radius, weight: 0, bubblingMouseEvents: false };
      const marker = new PostMarker({ ...group, lat, lon }, options);
      marker.bindTooltip(() => this.words(group), { direction: "top", offset: [0, -radius] });
      marker.on("click", () => this.onSelect(group));
      this.#group.addLayer(marker);
    }
  }
}
