/**
 * Roads and buildings near what is in sight: lines snap to them, buildings are picked by a click. They are
 * asked for only where the map is near enough to tell them apart.
 *
 * @typedef {import("./contract.js").Building} Building
 * @typedef {[number, number, number, number]} Box
 */
import { isInRings } from "./picking.js";

const FROM_ZOOM = 16;
/** So much more than what is in sight is asked for, so that small moves ask for nothing. */
const MARGIN = 0.3;

export class Guides {
  /** @type {import("./contract.js").Guides} */
  #known = { roads: [], buildings: [] };
  /** @type {Box | null} */
  #box = null;
  #asked = Promise.resolve();
  /** @type {(() => void)[]} */
  #listeners = [];

  /**
   * @param {import("./api.js").PlanApi} api
   * @param {() => { box: Box, zoom: number }} sight
   */
  constructor(api, sight) {
    this.api = api;
    this.sight = sight;
  }

  /** @param {() => void} listener */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  get isNear() {
    return this.sight().zoom >= FROM_ZOOM;
  }

  /** @returns {readonly Building[]} */
  get buildings() {
    return this.#known.buildings;
  }

  /** Ask for what is in sight, unless it is known. @returns {Promise<void>} when it is known */
  look() {
    const { box } = this.sight();
    if (this.isNear && !(this.#box && covers(this.#box, box))) this.#asked = this.#ask(widened(box, MARGIN));
    return this.#asked;
  }

  /** @param {Box} asked */
  async #ask(asked) {
    this.#box = asked;
    try {
      this.#known = await this.api.get(`/guides?bbox=${asked.join(",")}`);
    } catch {
      // Snapping helps, drawing goes without it; the next move of the map asks again.
      this.#box = null;
      return;
    }
    for (const listener of this.#listeners) listener();
  }

  /** @returns {Iterable<readonly import("./contract.js").Position[]>} */
  *lines() {
    yield* this.#known.roads;
    for (const { rings } of this.#known.buildings) yield* rings;
  }

  /** @param {import("./contract.js").Position} at @returns {Building | undefined} */
  buildingAt(at) {
    return this.#known.buildings.find(({ rings }) => isInRings(at, rings));
  }
}

/** @param {Box} outer @param {Box} inner */
const covers = (outer, inner) =>
  outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3];

/** @param {Box} box @param {number} share of its size on each side @returns {Box} */
export function widened([west, south, east, north], share) {
  const [dx, dy] = [share * (east - west), share * (north - south)];
  return /** @type {Box} */ (
    [west - dx, south - dy, east + dx, north + dy].map((degrees) => Number(degrees.toFixed(6)))
  );
}
