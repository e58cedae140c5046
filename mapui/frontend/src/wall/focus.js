/**
 * Where in the tree of units the wall looks: list, figures and charts are of this unit, the map is on it.
 *
 * @typedef {import("../live/messages.js").UnitRef} UnitRef
 * @typedef {[west: number, south: number, east: number, north: number]} Box degrees
 *
 * @typedef {UnitRef & { bbox: Box | null }} FocusUnit
 * @typedef {UnitRef & { bbox: Box, households: number, spans: [number, number][] }} Child
 *
 * @typedef {object} Step what /api/wall/units answers
 * @property {FocusUnit | null} unit null: several units at the top
 * @property {UnitRef[]} trail from the top that the viewer sees down to the unit, itself included
 * @property {number} households
 * @property {Child[]} children
 */

/** The tree is asked again so often: boundaries may have changed, and after a failure. */
const REFRESH_MS = 300_000;

export class Focus {
  /** @type {Step} */
  #step = { unit: null, trail: [], households: 0, children: [] };
  /** @type {((focus: Focus) => void)[]} */
  #listeners = [];
  /** @type {Map<number, Child | null>} what was looked up since the last step: 20,000 cases lie in fewer units */
  #homes = new Map();
  /** @type {number | null} what is wanted; null: the top */
  #wanted = null;
  /** @type {number | null | undefined} the unit at the top, null where there are several */
  #top;

  /**
   * @param {string} address of the units: /api/wall/
   * @param {(address: string) => Promise<any>} get reads JSON, as `readJson` does
   */
  constructor(address, get) {
    this.address = address;
    this.get = get;
  }

  /** @returns {FocusUnit | null} the unit; null: the several at the top, or nothing is known yet */
  get unit() {
    return this.#step.unit;
  }

  /** @returns {readonly UnitRef[]} the way from the top down to the unit */
  get trail() {
    return this.#step.trail;
  }

  /** @returns {readonly Child[]} what one can go down to */
  get children() {
    return this.#step.children;
  }

  /** @returns {number} */
  get households() {
    return this.#step.households;
  }

  /** @returns {boolean} whether it is all that the viewer sees */
  get isTop() {
    return this.#top === undefined || (this.unit?.id ?? null) === this.#top;
  }

  /** @returns {boolean} whether the viewer has several units, none of which lies over the others */
  get hasSeveral() {
    return this.#top === null;
  }

  /** Read the tree, and go on reading it now and then. @param {number | null} [id] the unit to begin with */
  async start(id = null) {
    await this.set(null);
    if (id !== null) await this.set(id);
    setInterval(() => this.#read(this.#wanted), REFRESH_MS);
  }

  /** Go to a unit. @param {number | null} id null: the top */
  set(id) {
    this.#wanted = id;
    return this.#read(id);
  }

  /** Go one up. @returns {boolean} whether there was anything above */
  up() {
    if (this.isTop) return false;
    this.set(this.trail.at(-2)?.id ?? null);
    return true;
  }

  /**
   * Go down to the child at a place. Nothing happens where none is.
   *
   * @param {number} lon @param {number} lat
   */
  async enter(lon, lat) {
    const level = this.children[0]?.level;
    if (!level) return;
    const found = await this.get(`${this.address}at?lon=${lon}&lat=${lat}&level=${level}`);
    if (found?.unit) await this.set(found.unit.id);
  }

  /** Hear of each change. @param {(focus: Focus) => void} listener called with this */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  /** @param {number} unitId @returns {boolean} whether the unit is this one or lies below it */
  contains(unitId) {
    return this.isTop || unitId === this.unit?.id || this.childOf(unitId) !== null;
  }

  /** @param {number} unitId @returns {Child | null} the child that the unit is, or lies below */
  childOf(unitId) {
    let home = this.#homes.get(unitId);
    if (home === undefined) {
      home = this.children.find((child) => isIn(child.spans, unitId)) ?? null;
      this.#homes.set(unitId, home);
    }
    return home;
  }

  /** @param {number | null} id */
  async #read(id) {
    const step = await this.get(`${this.address}units${id === null ? "" : `/${id}`}`);
    // Somebody has gone on meanwhile, or the server is away: what is shown stays.
    if (this.#wanted !== id || step === undefined) return;
    if (step === null) {
      // The unit has been closed by a publication, or a post has ended.
      if (id !== null) await this.set(null);
      return;
    }
    if (id === null) this.#top = step.unit?.id ?? null;
    this.#step = step;
    this.#homes.clear();
    for (const listener of this.#listeners) listener(this);
  }
}

/** @param {readonly [number, number][]} spans rising @param {number} id */
function isIn(spans, id) {
  let [low, high] = [0, spans.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = /** @type {[number, number]} */ (spans[middle]);
    if (id < first) high = middle - 1;
    else if (id > last) low = middle + 1;
    else return true;
  }
  return false;
}
