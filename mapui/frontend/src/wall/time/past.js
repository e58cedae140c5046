import { Store } from "../../live/store.js";
import { Board } from "../board.js";

/**
 * A past day as it went: what was open at a moment, and the events from there on, kept by the same store as the
 * present. Pure but for `read`: no DOM, no clock.
 *
 * @typedef {import("../../live/messages.js").Card} Card
 * @typedef {import("../../live/messages.js").FeedEvent} FeedEvent
 *
 * @typedef {object} PastEvent as /api/wall/history answers
 * @property {number} seq
 * @property {string} at
 * @property {number} incident
 * @property {string} action
 * @property {string} to_state
 * @property {Card | null} card the case right after it; null: it then left the viewer's units
 *
 * @typedef {(address: string) => Promise<any>} Read JSON; null or undefined where that fails
 */

/** The clocks that make a case late: how long they run, and until when they may. */
const CLOCKS = /** @type {const} */ ([
  ["first_feedback_at", "feedback_due_at"],
  ["first_handling_at", "handling_due_at"],
  ["resolved_at", "resolve_due_at"],
]);

export class Past {
  /** @type {PastEvent[]} loaded and not yet shown, in their order */
  #coming = [];
  /** @type {string | null} where the next page begins; null: everything is here */
  #next = null;
  #isBegun = false;
  /** The start of the span that is paged through. */
  #since = "";
  #position = 0;
  #today = 0;
  /** @type {Promise<boolean> | null} */
  #loading = null;
  /** @type {WeakMap<Card, number>} */
  #lateFrom = new WeakMap();

  /**
   * @param {Read} read
   * @param {object} span
   * @param {string} span.from ISO 8601; without a zone the district's is meant
   * @param {(from: number) => number} span.until milliseconds; how far it can be played
   * @param {number | null} span.unit whose cases; null: all that the viewer sees
   * @param {(card: Card) => boolean} keep
   */
  constructor(read, { from, until, unit }, keep) {
    this.read = read;
    this.from = from;
    this.untilOf = until;
    this.unit = unit;
    this.store = new Store(keep);
    this.board = new Board(this.store);
    this.at = 0;
    this.until = 0;
  }

  /** Read what was open at the start, and the first events. @returns {Promise<boolean>} whether it can be shown */
  async begin() {
    /** @type {Card[]} */
    const cards = [];
    let first;
    let page;
    do {
      page = await this.read(this.#address("history/at", { at: this.from, after: page?.next }));
      if (!page) return false;
      first ??= page;
      cards.push(...page.cards);
    } while (page.next !== null);
    this.#since = first.at;
    this.at = Date.parse(first.at);
    this.until = this.untilOf(this.at);
    this.#today = first.today;
    const outcome = this.store.apply({ kind: "snapshot", position: 0, part: 1, parts: 1, cards });
    this.board.take(outcome);
    this.#count();
    return this.more();
  }

  /** @returns {number} milliseconds; up to here everything is loaded */
  get horizon() {
    const last = this.#coming.at(-1);
    return this.#next === null && !this.#loading ? this.until : last ? Date.parse(last.at) : this.at;
  }

  /** Load the next page, if there is one. @returns {Promise<boolean>} whether that worked */
  more() {
    if (this.#loading) return this.#loading;
    if (this.#isWhole) return Promise.resolve(true);
    this.#loading = this.#load().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  /**
   * Let what happened up to a moment happen, as far as it is loaded.
   *
   * @param {number} to milliseconds
   * @returns {readonly FeedEvent[]} what has just happened
   */
  advance(to) {
    this.at = Math.max(this.at, Math.min(to, this.horizon, this.until));
    const due = this.#coming.findIndex((event) => Date.parse(event.at) > this.at);
    const events = this.#coming
      .splice(0, due === -1 ? this.#coming.length : due)
      .map((one) => this.#take(one));
    this.#count();
    return events;
  }

  get #isWhole() {
    return this.#isBegun && this.#next === null;
  }

  async #load() {
    const to = new Date(this.until).toISOString();
    const page = await this.read(this.#address("history", { from: this.#since, to, after: this.#next }));
    if (!page) return false;
    this.#isBegun = true;
    this.#coming.push(...page.events);
    this.#next = page.next;
    return true;
  }

  /** @param {PastEvent} past @returns {FeedEvent} */
  #take({ at, incident, action, to_state, card }) {
    const after = this.#position++;
    const event = { seq: this.#position, at, incident, action, to_state };
    const parts = { cards: card ? [card] : [], gone: card ? [] : [incident] };
    this.board.take(
      this.store.apply({ kind: "events", after, position: this.#position, events: [event], ...parts }),
    );
    if (action === "report") this.#today++;
    return event;
  }

  /** The figures of the moment. Medians of a day that isn't over are known of the present alone. */
  #count() {
    let late = 0;
    for (const card of this.store.cards.values()) if (this.#lateOf(card) <= this.at) late++;
    const medians = { collection_s: null, feedback_s: null, handling_s: null };
    this.store.figures = { today: this.#today, open: this.store.cards.size, late, ...medians };
  }

  /** @param {Card} card @returns {number} milliseconds; from then on the case is late, if nothing happens */
  #lateOf(card) {
    const known = this.#lateFrom.get(card);
    if (known !== undefined) return known;
    const running = CLOCKS.filter(([stopped]) => card[stopped] === null && card.closed_at === null);
    const due = Math.min(...running.map(([, due]) => Date.parse(card[due])));
    const paused = card.paused_since === null ? null : Date.parse(card.paused_since);
    // While the clocks stand still, a case is as late as it was.
    const from = paused === null ? due : due <= paused ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    this.#lateFrom.set(card, from);
    return from;
  }

  /** @param {string} path @param {Record<string, unknown>} query */
  #address(path, query) {
    const given = Object.entries({ ...query, unit: this.unit ?? undefined }).filter(
      ([, value]) => value != null,
    );
    return `${path}?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
  }
}
