/** The buildings and households around the pin, to set it exactly on one of them; they are known without a network. */
import { metresBetween } from "../../map/measure.js";
import { element } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";

/**
 * @typedef {object} Spot
 * @property {string} name
 * @property {number} lon degrees
 * @property {number} lat degrees
 */

/** What is farther from the pin is not meant (metres). */
const NEAR_M = 80;
const SHOWN = 4;

export class Snaps {
  /** @type {Promise<Spot[]> | null} read when they are first wanted */
  #spots = null;

  /**
   * @param {HTMLElement} box
   * @param {import("../data.js").Data} data
   * @param {(lon: number, lat: number) => void} onSnap
   */
  constructor(box, data, onSnap) {
    this.box = box;
    this.data = data;
    this.onSnap = onSnap;
  }

  /** @param {{ lon: number, lat: number } | null} place */
  async about(place) {
    this.#spots ??= this.#read();
    const spots = place === null ? [] : await this.#spots;
    const near = spots
      .map((spot) => ({ spot, metres: place ? metresBetween(place, spot) : 0 }))
      .filter(({ metres }) => metres <= NEAR_M)
      .sort((a, b) => a.metres - b.metres)
      .slice(0, SHOWN);
    this.box.replaceChildren(...near.map(({ spot, metres }) => this.#chip(spot, metres)));
    this.box.hidden = near.length === 0;
  }

  /** @returns {Promise<Spot[]>} */
  async #read() {
    try {
      const { value } = await this.data.fresh("households", "phone/households");
      return value ? spotsOf(value) : [];
    } catch {
      return []; // He has no households to visit, and the pin is set by hand.
    }
  }

  /** @param {Spot} spot @param {number} metres */
  #chip({ name, lon, lat }, metres) {
    const words = { name, metres: Math.round(metres) };
    const chip = element("button", "snap", fill(gettext("%(name)s · %(metres)s m"), words));
    chip.type = "button";
    chip.addEventListener("click", () => this.onSnap(lon, lat));
    return chip;
  }
}

/**
 * @param {{ buildings: (Spot & { address: string })[], households: { address: string, building: number | null,
 *   lon: number | null, lat: number | null }[] }} round
 * @returns {Spot[]} buildings, and the households that have a place of their own
 */
const spotsOf = ({ buildings, households }) => [
  ...buildings.map(({ name, address, lon, lat }) => ({ name: name || address, lon, lat })),
  ...households.flatMap(({ address: name, building, lon, lat }) =>
    building === null && lon !== null && lat !== null ? [{ name, lon, lat }] : [],
  ),
];
