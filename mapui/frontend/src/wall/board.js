/**
 * The open cases of a store in the order of the list, newest first; kept by difference, since 20,000 can't be
 * sorted anew for every event. Pure: no DOM.
 *
 * @typedef {import("../live/messages.js").Card} Card
 * @typedef {import("../live/store.js").Outcome} Outcome
 * @typedef {import("../live/store.js").Store} Store
 * @typedef {import("../layers/states.js").Phase} Phase
 *
 * @typedef {object} Entry
 * @property {number} at when it was received, in milliseconds
 * @property {Card} card
 * @property {Phase} phase
 * @property {import("./panels/tally.js").Due | null} [due] the clock that runs out first, once somebody has asked
 *
 * @typedef {object} Look what one pass over the cases gives
 * @property {Map<Phase, number>} counts how many of those within are in each phase
 * @property {Card[]} newest of those within that are shown, newest first
 * @property {number} total how many are shown, also beyond those
 */

import { phaseOf } from "../layers/states.js";

/** @param {Entry} a @param {Entry} b */
const newestFirst = (a, b) => b.at - a.at || b.card.id - a.card.id;

/** @param {Card} card @returns {Entry} */
const entryOf = (card) => ({ at: Date.parse(card.received_at), card, phase: phaseOf(card.state) });

export class Board {
  /** @type {Entry[]} */
  #entries = [];
  /** @type {Map<number, Entry>} */
  #byId = new Map();

  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    this.#fill();
  }

  /** @returns {readonly Entry[]} newest first */
  get entries() {
    return this.#entries;
  }

  /** Follow what a message did to the store. @param {Readonly<Outcome>} outcome */
  take(outcome) {
    if (outcome.replaced) this.#fill();
    for (const card of outcome.changed) this.#put(card);
    for (const id of outcome.removed) this.#drop(id);
  }

  /**
   * @param {object} options
   * @param {(card: Card) => boolean} options.within which cases count at all
   * @param {(phase: Phase) => boolean} options.shows which of them are shown
   * @param {number} options.most so many are returned at most
   * @returns {Look}
   */
  look({ within, shows, most }) {
    /** @type {Look} */
    const look = { counts: new Map(), newest: [], total: 0 };
    for (const { card, phase } of this.#entries) {
      if (!within(card)) continue;
      look.counts.set(phase, (look.counts.get(phase) ?? 0) + 1);
      if (!shows(phase)) continue;
      look.total++;
      if (look.newest.length < most) look.newest.push(card);
    }
    return look;
  }

  #fill() {
    this.#entries = [...this.store.cards.values()].map(entryOf);
    this.#entries.sort(newestFirst);
    this.#byId = new Map(this.#entries.map((entry) => [entry.card.id, entry]));
  }

  /** @param {Card} card */
  #put(card) {
    const known = this.#byId.get(card.id);
    if (known) {
      known.card = card;
      known.phase = phaseOf(card.state);
      known.due = undefined;
      return;
    }
    const entry = entryOf(card);
    this.#byId.set(card.id, entry);
    this.#entries.splice(this.#placeOf(entry), 0, entry);
  }

  /** @param {number} id */
  #drop(id) {
    const entry = this.#byId.get(id);
    if (!entry) return;
    this.#byId.delete(id);
    this.#entries.splice(this.#placeOf(entry), 1);
  }

  /** @param {Entry} entry @returns {number} where it stands, or is to stand */
  #placeOf(entry) {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (newestFirst(/** @type {Entry} */ (this.#entries[middle]), entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
