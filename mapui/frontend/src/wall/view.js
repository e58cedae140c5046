/**
 * What the wall shows: the present, or a past moment while it is replayed. Whatever draws asks here for
 * cards, figures and the time; the live store goes on behind a replay, and is shown again afterwards.
 *
 * @typedef {import("../live/messages.js").Card} Card
 * @typedef {import("../live/messages.js").Figures} Figures
 *
 * @typedef {object} Shown
 * @property {import("../live/store.js").Store} store
 * @property {import("./board.js").Board} board
 * @property {() => number} now milliseconds
 */

export class View {
  /** @type {Set<() => void>} */
  #listeners = new Set();
  /** @type {Shown | null} */
  #past = null;

  /** @param {Shown} live */
  constructor(live) {
    this.live = live;
  }

  get isPast() {
    return this.#past !== null;
  }

  /** @returns {boolean} whether anything is known yet: before, nothing is to be called empty or none */
  get isKnown() {
    return this.#shown.store.position !== null;
  }

  /** @returns {ReadonlyMap<number, Card>} by incident */
  get cards() {
    return this.#shown.store.cards;
  }

  /** @returns {import("./board.js").Board} */
  get board() {
    return this.#shown.board;
  }

  /** @returns {Figures | null} */
  get figures() {
    return this.#shown.store.figures;
  }

  /** @returns {number} the moment that is shown, in milliseconds; now: by the server's clock */
  now() {
    return this.#shown.now();
  }

  /** Hear when everything that is shown changes at once: from the present to the past, and back. @param {() => void} listener */
  onSwitch(listener) {
    this.#listeners.add(listener);
  }

  /** @param {Shown | null} past null: the present again */
  show(past) {
    if (past === this.#past) return;
    this.#past = past;
    for (const listener of this.#listeners) listener();
  }

  get #shown() {
    return this.#past ?? this.live;
  }
}
