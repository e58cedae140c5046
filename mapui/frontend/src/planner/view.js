/**
 * The plan on the map: zones, their borders and names, as the store knows them and as they are dragged.
 *
 * @typedef {import("./contract.js").Position} Position
 * @typedef {import("./contract.js").Zone} Zone
 * @typedef {import("./contract.js").Figures} Figures
 * @typedef {import("./store.js").PlanStore} PlanStore
 * @typedef {import("../map/zones.js").ZoneLook} ZoneLook
 * @typedef {import("../map/arcs.js").ArcKind} ArcKind
 */
import { ArcLayer } from "../map/arcs.js";
import { NameLayer } from "../map/names.js";
import { namePlace } from "../map/naming.js";
import { PlanMarks } from "../map/planmarks.js";
import { ZoneLayer } from "../map/zones.js";
import { gettext } from "../ui/i18n.js";
import { arrows, GROUP_COLOURS, groupColours, STANDING_COLOURS, standing } from "./colours.js";
import { polygonsOf } from "./picking.js";
import { Topology } from "./topology.js";
import { count } from "./words.js";

const SELECTED = "#e05a00";
const NEIGHBOUR = { fill: "#9aa4ad", opacity: 0.14, isHatched: false, outline: "" };

export class PlanView {
  topology = new Topology([]);
  /** @type {"norm" | "parent"} */
  mode = "norm";
  /** @type {string | null} */
  selected = null;
  /** @type {ReadonlyMap<string, string>} zones that a tool has picked, and the colour of their outline */
  picks = new Map();
  /** @type {Map<string, number>} */
  #colours = new Map();
  /** @type {Map<string, Zone>} as they are drawn */
  #drawn = new Map();
  /** @type {number | null} */
  #near = null;
  /** @type {import("./contract.js").Candidate | null} a proposal over the zones, which fade */
  #ghost = null;
  /** @type {ReadonlySet<string>} */
  #wanted = new Set();
  #hasParents = false;

  /** @param {import("leaflet").Map} map @param {PlanStore} store */
  constructor(map, store) {
    this.map = map;
    this.store = store;
    this.around = new ZoneLayer(map, "neighbours", 345);
    this.zones = new ZoneLayer(map, "zones", 350);
    this.arcs = new ArcLayer(map);
    this.names = new NameLayer(map);
    this.marks = new PlanMarks(map);
  }

  /** Draw the zones anew: those that are not as they were. */
  show() {
    const { zones, neighbours } = this.store;
    this.topology = new Topology([...zones.values()]);
    const beside = this.topology.neighbours();
    this.#hasParents = new Set([...zones.values()].map(({ properties }) => properties.parent)).size > 1;
    this.#colours = groupColours(beside, (key) => this.#groupOf(key));
    for (const [key, zone] of zones) {
      if (this.#drawn.get(key) === zone) this.zones.restyle(key, this.#lookOf(zone));
      else this.zones.put(key, polygonsOf(zone.geometry), this.#lookOf(zone));
    }
    this.zones.keepOnly(new Set(zones.keys()));
    this.#drawn = new Map(zones);
    for (const zone of neighbours) this.around.put(zone.id, polygonsOf(zone.geometry), NEIGHBOUR);
    this.around.keepOnly(new Set(neighbours.map(({ id }) => id)));
    this.arcs.show(
      this.topology.arcs.map(({ index, points }) => ({ index, points, kind: this.#kindOf(index) })),
    );
    this.#near = null;
    this.showNames();
  }

  /** Colours and outlines alone. */
  restyle() {
    for (const [key, zone] of this.store.zones) this.zones.restyle(key, this.#lookOf(zone));
  }

  showNames() {
    /** @type {Map<string, import("../map/names.js").ZoneName>} */
    const names = new Map();
    const figures = this.#ghost ? new Map(Object.entries(this.#ghost.figures)) : this.store.figures;
    for (const zone of this.store.neighbours) this.#putName(names, zone, "", true);
    for (const zone of this.#ghost?.features ?? this.store.zones.values()) {
      this.#putName(names, zone, this.#figureOf(figures.get(zone.id)), false);
    }
    this.names.show(names);
  }

  /** @param {Map<string, import("../map/names.js").ZoneName>} names @param {Zone} zone @param {string} below @param {boolean} isFaint */
  #putName(names, zone, below, isFaint) {
    const place = namePlace(polygonsOf(zone.geometry));
    if (!place) return;
    const { name, is_new: isNew, is_locked: isLocked } = zone.properties;
    names.set(isFaint ? `around ${zone.id}` : zone.id, {
      ...place,
      name: isNew ? `＋${name}` : name,
      below,
      isLocked: isLocked && !isFaint,
      isFaint,
    });
  }

  /** @param {Figures | undefined} figures */
  #figureOf(figures) {
    if (!figures) return "";
    return `${count(figures.households)} ${arrows(figures, this.store.norm)}`.trim();
  }

  /** Zones of one parent have one colour; where there is but one parent, each zone its own. @param {string} key */
  #groupOf(key) {
    return this.#hasParents ? (this.store.zones.get(key)?.properties.parent ?? key) : key;
  }

  /** @param {Zone} zone @returns {ZoneLook} */
  #lookOf({ id, properties }) {
    const { figures, norm } = this.store;
    const byNorm = this.mode === "norm";
    const fill = byNorm
      ? STANDING_COLOURS[standing(figures.get(id), norm)]
      : (GROUP_COLOURS[this.#colours.get(this.#groupOf(id)) ?? 0] ?? "#7d93a8");
    const picked = this.picks.get(id);
    const isChosen = picked !== undefined || id === this.selected;
    return {
      fill,
      opacity: this.#ghost ? 0.06 : isChosen ? 0.5 : 0.32,
      isHatched: !this.#ghost && (properties.is_changed || properties.is_new),
      outline: picked ?? (id === this.selected ? SELECTED : ""),
    };
  }

  /**
   * Lay a proposal over the zones, or take it off.
   *
   * @param {import("./contract.js").Candidate | null} candidate
   * @param {ReadonlySet<string>} wanted its zones that are picked
   */
  showGhost(candidate, wanted) {
    if (!(candidate || this.#ghost)) return;
    this.#ghost = candidate;
    this.#wanted = wanted;
    this.#drawGhost();
    this.restyle();
    this.showNames();
  }

  #drawGhost() {
    const { norm } = this.store;
    this.marks.showGhosts(this.#ghost?.features ?? [], ({ id }) => ({
      fill: STANDING_COLOURS[standing(this.#ghost?.figures[id], norm)],
      isPicked: this.#wanted.has(id),
    }));
  }

  /** @param {number} index @returns {ArcKind} */
  #kindOf(index) {
    if (this.topology.isOuter(index)) return "outer";
    const zones = this.topology.arcs[index]?.zones ?? [];
    const parents = new Set(zones.map((zone) => this.store.zones.get(zone)?.properties.parent));
    return parents.size > 1 ? "upper" : "inner";
  }

  /** Mark the border that a click would take. @param {number | null} index @param {"near" | "chosen"} [kind] */
  markArc(index, kind = "near") {
    if (this.#near === index && kind === "near") return;
    if (this.#near !== null) this.arcs.mark(this.#near, this.#kindOf(this.#near));
    if (index !== null) this.arcs.mark(index, kind);
    this.#near = index;
  }

  /** Follow a drag: only what it touches. @param {import("./topology.js").Touched} touched */
  follow({ arcs, zones }) {
    for (const index of arcs) this.arcs.reshape(index, this.topology.points(index));
    for (const key of zones) this.zones.reshape(key, this.topology.polygons(key));
  }

  /** @returns {boolean} whether something on the map is being dragged just now */
  get isDragged() {
    return this.map.getContainer().classList.contains("is-dragging");
  }

  /** Put back what was dragged. */
  reset() {
    this.follow(this.topology.reset());
  }

  /** @param {readonly string[]} keys @param {Position | null} [where] bring zones or a place into view */
  zoomTo(keys, where = null) {
    const zones = keys.map((key) => this.store.zones.get(key)).filter((zone) => zone !== undefined);
    this.marks.showPlace(where);
    this.marks.zoomTo(where ? [where] : zones.flatMap((zone) => polygonsOf(zone.geometry).flat(2)));
  }

  /** @returns {{ colour: string, text: string }[]} what the colours mean */
  legend() {
    if (this.mode === "parent") return [{ colour: "", text: gettext("One colour for each upper unit") }];
    return [
      { colour: STANDING_COLOURS.good, text: gettext("Within the norm") },
      { colour: STANDING_COLOURS.off, text: gettext("▲▼ Outside of the norm") },
      { colour: STANDING_COLOURS.far, text: gettext("▲▲▼▼ Far outside") },
      { colour: STANDING_COLOURS.none, text: gettext("No norm") },
    ];
  }
}
