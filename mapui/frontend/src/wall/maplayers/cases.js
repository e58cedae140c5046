/** The open cases on the wall's map, coloured by their state or by their age. */
import { AGES, ageClass } from "../../layers/ages.js";
import { phaseOf } from "../../layers/states.js";
import { ClusterLayer } from "../../map/clusters/layer.js";
import { lateness } from "../../ui/lateness.js";
import { coalesced } from "../../ui/painter.js";

/**
 * @typedef {import("../../live/messages.js").Card} Card
 * @typedef {import("../../map/incidents.js").Mark} Mark
 * @typedef {"state" | "age"} Colours what colours tell
 *
 * @typedef {object} Options
 * @property {number} radius of a mark, pixels
 * @property {string} sorter the address of the script that sorts cases into clusters
 * @property {() => number} now milliseconds, the server's clock
 * @property {(card: Card) => boolean} shows whether the filters let a case be seen
 * @property {(id: number) => void} onSelect
 */

/** The ring of a cluster, by lateness: in time, soon late, late. */
const LATENESS = ["#5f7f9f", "#ffd24a", "#ff4d5e"];
const LATENESS_PART = { none: 0, good: 0, soon: 1, late: 2 };
/** Looking at 20,000 cases takes some frames: not often, and not while the map is dragged, again and again. */
const EVERY_MS = 1000;

export class CaseLayer {
  /** @type {ReadonlyMap<number, Card>} */
  #cards = new Map();
  /** @type {Colours} */
  #colours = "state";
  #isShown = false;
  #draggedAt = Number.NEGATIVE_INFINITY;
  #sortSoon = coalesced(() => {
    const isMoving = /** @type {any} */ (this.map.dragging).moving();
    if (isMoving || performance.now() - this.#draggedAt < EVERY_MS) this.#sortSoon();
    else this.#sort();
  }, EVERY_MS);

  /** @param {import("leaflet").Map} map @param {Options} options */
  constructor(map, options) {
    this.map = map;
    this.options = options;
    map.on("dragend", () => {
      this.#draggedAt = performance.now();
    });
    this.clusters = new ClusterLayer(map, {
      radius: options.radius,
      sorter: options.sorter,
      partColours: () => (this.#colours === "age" ? AGES.map(({ colour }) => colour) : LATENESS),
      markOf: (id) => this.#markOf(id),
      onSelect: options.onSelect,
    });
  }

  /** Show these cards, within a second. @param {ReadonlyMap<number, Card>} cards by their ids; not copied */
  update(cards) {
    this.#cards = cards;
    this.#sortSoon();
  }

  /** @param {Colours} colours */
  colourBy(colours) {
    this.#colours = colours;
    this.#sort();
  }

  /** @param {boolean} isShown */
  show(isShown) {
    this.#isShown = isShown;
    this.#sort();
  }

  /** @param {number | null} id the case to ring, or none */
  select(id) {
    this.clusters.singles.select(id);
  }

  /** @param {{ lon: number, lat: number }} place @param {boolean} [isAlarm] */
  pulse(place, isAlarm) {
    if (this.#isShown) this.clusters.singles.pulse(place, isAlarm);
  }

  #sort() {
    const now = this.options.now();
    const shown = [];
    for (const card of this.#isShown ? this.#cards.values() : []) {
      if (!this.options.shows(card)) continue;
      const { id, lon, lat } = card;
      shown.push({ id, lon, lat, part: this.#part(card, now) });
    }
    // Newer cases have higher numbers: they come last, and so lie above older ones.
    this.clusters.show(shown.sort((a, b) => a.id - b.id));
  }

  /** @param {Card} card @param {number} now */
  #part(card, now) {
    if (this.#colours === "age") return ageClass(Date.parse(card.opened_at), now);
    return LATENESS_PART[lateness(card, now)];
  }

  /** @param {number} id @returns {Mark | undefined} */
  #markOf(id) {
    const card = this.#cards.get(id);
    if (!card) return undefined;
    const now = this.options.now();
    const age = AGES[ageClass(Date.parse(card.opened_at), now)];
    return {
      id,
      lon: card.lon,
      lat: card.lat,
      phase: phaseOf(card.state),
      ...(this.#colours === "age" && age ? { colour: age.colour } : {}),
      lateness: lateness(card, now),
      isPaused: card.paused_since !== null,
      isUrgent: card.priority !== "normal",
      isEscalated: card.escalated_to !== "",
    };
  }
}
