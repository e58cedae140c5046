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
 */

/** @type {Readonly<Outcome>} */
const NOTHING = Object.freeze({ gap: false, replaced: false, events: [] });
/** @type {Readonly<Outcome>} */
const GAP = Object.freeze({ gap: true, replaced: false, events: [] });

export class Store {
  /** @type {number | null} the feed position everything here is true for; null before the first snapshot */
  position = null;
  /** @type {Map<number, Card>} by incident */
  cards = new Map();
  /** @type {Figures | null} */
  figures = null;

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
    if (message.kind === "snapshot") return this.#replace(message);
    if (this.position === null) return GAP;
    return message.kind === "events"
      ? this.#advance(message, this.position)
      : this.#tick(message, this.position);
  }

  /** @param {Snapshot} snapshot @returns {Outcome} */
  #replace(snapshot) {
    this.position = snapshot.position;
    this.cards = new Map(snapshot.cards.map((card) => [card.id, card]));
    this.figures = snapshot.figures ?? this.figures;
    return { gap: false, replaced: true, events: [] };
  }

  /** @param {Events} batch @param {number} position @returns {Readonly<Outcome>} */
  #advance(batch, position) {
    if (batch.after > position) return GAP;
    if (batch.position <= position) return NOTHING;
    for (const card of batch.cards) this.#put(card);
    for (const id of batch.gone ?? []) this.cards.delete(id);
    this.position = batch.position;
    this.figures = batch.figures ?? this.figures;
    return { gap: false, replaced: false, events: batch.events.filter((event) => event.seq > position) };
  }

  /** @param {Tick} tick @param {number} position @returns {Readonly<Outcome>} */
  #tick(tick, position) {
    // The socket keeps its order: whatever lay before the tick has arrived already.
    this.position = Math.max(position, tick.position);
    this.figures = tick.figures ?? this.figures;
    return NOTHING;
  }

  /** @param {Card} card */
  #put(card) {
    const known = this.cards.get(card.id);
    if (known && known.version > card.version) return;
    if (this.keep(card)) this.cards.set(card.id, card);
    else this.cards.delete(card.id);
  }
}
