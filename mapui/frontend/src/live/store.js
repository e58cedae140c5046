/**
 * What a listener knows, by feed position. Pure: no DOM, no socket, no clock.
 *
 * @typedef {import("./messages.js").Card} Card
 * @typedef {import("./messages.js").FeedEvent} FeedEvent
 * @typedef {import("./messages.js").Figures} Figures
 * @typedef {import("./messages.js").Snapshot} Snapshot
 * @typedef {import("./messages.js").Events} Events
 * @typedef {import("./messages.js").Tick} Tick
 *
 * @typedef {object} Outcome what a message did to the store
 * @property {boolean} gap something is missing before this message: say hello again
 * @property {boolean} replaced everything is new: a snapshot
 * @property {FeedEvent[]} events the events seen for the first time, in their order
 * @property {Card[]} changed the cards that are new or newer; of a snapshot none: all are
 * @property {number[]} removed the incidents whose cards have come down
 */

/** @type {Readonly<Outcome>} */
const NOTHING = Object.freeze({ gap: false, replaced: false, events: [], changed: [], removed: [] });
/** @type {Readonly<Outcome>} */
const GAP = Object.freeze({ ...NOTHING, gap: true });
/** @type {Readonly<Outcome>} */
const REPLACED = Object.freeze({ ...NOTHING, replaced: true });

export class Store {
  /** @type {number | null} the feed position everything here is true for; null before the first snapshot */
  position = null;
  /** @type {Map<number, Card>} by incident */
  cards = new Map();
  /** @type {Figures | null} */
  figures = null;
  /** @type {string | null} when the last event happened that is known here */
  lastAt = null;
  /** @type {Map<number, Card>} of a snapshot that is still coming */
  #coming = new Map();

  /** @param {(card: Card) => boolean} [keep] which cards stay; a wall drops what is over, and so never grows */
  constructor(keep = () => true) {
    this.keep = keep;
  }

  /**
   * Take in a snapshot, a batch of events or a tick; anything else is nobody's business here.
   *
   * @param {Snapshot | Events | Tick} message
   * @returns {Readonly<Outcome>}
   */
  apply(message) {
    if (message.kind === "snapshot") return this.#gather(message);
    if (this.position === null) return GAP;
    return message.kind === "events"
      ? this.#advance(message, this.position)
      : this.#tick(message, this.position);
  }

  /** Nothing is replaced before the last part is here. @param {Snapshot} snapshot @returns {Readonly<Outcome>} */
  #gather(snapshot) {
    if (snapshot.part === 1) this.#coming = new Map();
    for (const card of snapshot.cards) this.#coming.set(card.id, card);
    if (snapshot.part < snapshot.parts) return NOTHING;
    this.position = snapshot.position;
    this.cards = this.#coming;
    this.#coming = new Map();
    this.figures = snapshot.figures ?? this.figures;
    this.lastAt = snapshot.last_at ?? null;
    return REPLACED;
  }

  /** @param {Events} batch @param {number} position @returns {Readonly<Outcome>} */
  #advance(batch, position) {
    if (batch.after > position) return GAP;
    if (batch.position <= position) return NOTHING;
    const newer = batch.cards.filter((card) => card.version >= (this.cards.get(card.id)?.version ?? 0));
    const changed = newer.filter(this.keep);
    const over = newer.filter((card) => !this.keep(card)).map((card) => card.id);
    for (const card of changed) this.cards.set(card.id, card);
    const removed = [...over, ...(batch.gone ?? [])].filter((id) => this.cards.delete(id));
    this.position = batch.position;
    this.figures = batch.figures ?? this.figures;
    const events = batch.events.filter((event) => event.seq > position);
    this.lastAt = events.at(-1)?.at ?? this.lastAt;
    return { gap: false, replaced: false, events, changed, removed };
  }

  /** @param {Tick} tick @param {number} position @returns {Readonly<Outcome>} */
  #tick(tick, position) {
    // The socket keeps its order: whatever lay before the tick has arrived already.
    this.position = Math.max(position, tick.position);
    this.figures = tick.figures ?? this.figures;
    return NOTHING;
  }
}
