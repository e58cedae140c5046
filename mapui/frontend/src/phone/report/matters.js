/** The matters as pictures: those of lately first, and a search among all of them. */
import { element } from "../../ui/dom.js";
import { icon } from "../../ui/icons.js";

/** @typedef {import("../../cases/words.js").Matter} Matter */

/** One row of them. */
const RECENT = 4;
const KEY = "recent-matters";

export class Matters {
  /** @type {Map<string, HTMLElement>} the tile of each */
  #tiles = new Map();
  #code = "";

  /**
   * @param {HTMLElement} grid
   * @param {HTMLInputElement} search
   * @param {readonly Matter[]} matters
   * @param {import("../data.js").Data} data
   * @param {() => void} onChoose
   */
  constructor(grid, search, matters, data, onChoose) {
    this.grid = grid;
    this.data = data;
    this.onChoose = onChoose;
    // An errand is for a household, which is chosen at the counter.
    this.matters = matters.filter((matter) => !matter.is_errand);
    for (const matter of this.matters) this.#tiles.set(matter.code, this.#tile(matter));
    search.addEventListener("input", () => this.#find(search.value));
    this.arrange();
  }

  /** @returns {string} the code of the chosen one; empty if none is */
  get code() {
    return this.#code;
  }

  /** Choose one, or with an empty code none. @param {string} code */
  choose(code) {
    this.#code = this.#tiles.has(code) ? code : "";
    for (const [each, tile] of this.#tiles) {
      const input = tile.querySelector("input");
      if (input) input.checked = each === this.#code;
    }
  }

  /** Put those of lately first. */
  async arrange() {
    /** @type {string[]} */
    const recent = (await this.data.get(KEY)) ?? [];
    const codes = new Set([...recent, ...this.matters.map(({ code }) => code)]);
    this.grid.replaceChildren(...[...codes].flatMap((code) => this.#tiles.get(code) ?? []));
  }

  /** @param {string} code that was reported */
  async note(code) {
    const recent = ((await this.data.get(KEY)) ?? []).filter((/** @type {string} */ each) => each !== code);
    await this.data.put(KEY, [code, ...recent].slice(0, RECENT));
    await this.arrange();
  }

  /** @param {string} words */
  #find(words) {
    const asked = words.trim().toLocaleLowerCase();
    for (const { code, name } of this.matters) {
      const tile = this.#tiles.get(code);
      if (tile) tile.hidden = !`${name} ${code}`.toLocaleLowerCase().includes(asked);
    }
  }

  /** @param {Matter} matter */
  #tile({ code, name, icon: picture, colour }) {
    const label = element("label", "matter");
    const input = element("input");
    input.type = "radio";
    input.name = "matter";
    input.value = code;
    input.addEventListener("change", () => {
      this.#code = code;
      this.onChoose();
    });
    label.style.setProperty("--matter", colour);
    label.append(input, icon(picture), element("span", "", name));
    return label;
  }
}
