/** Everything that is written on the wall's map, in one go: so no name lies on another. */
import { roadNames } from "./base.js";
import { placeMarks } from "./places.js";
import { unitNames } from "./units.js";

/** @typedef {import("../layers/styles.js").MapStyle} MapStyle */

export class Lettering {
  #level = "";
  /** Whether roads and the like are named: pictures of a foreign base map have their own names. */
  #hasGround = true;
  #hasPlaces = false;

  /**
   * @param {import("./sheet.js").TileSheet} sheet with the tiles of base map and units
   * @param {MapStyle} style
   * @param {number} scale of the screen
   */
  constructor(sheet, style, scale) {
    this.sheet = sheet;
    this.style = style;
    this.scale = scale;
    this.#redraw();
  }

  /** @param {string} level whose units are named */
  name(level) {
    this.#level = level;
    this.#redraw();
  }

  /** @param {MapStyle} style */
  restyle(style) {
    this.style = style;
    this.#redraw();
  }

  /** @param {{ hasGround?: boolean, hasPlaces?: boolean }} parts what is written beside the units' names */
  set({ hasGround = this.#hasGround, hasPlaces = this.#hasPlaces }) {
    this.#hasGround = hasGround;
    this.#hasPlaces = hasPlaces;
    this.#redraw();
  }

  #redraw() {
    this.sheet.draw("lettering", this.#draw);
  }

  /** @type {import("./sheet.js").Draw} */
  #draw = (stretch) => {
    const { style } = this;
    const scale = this.scale / stretch;
    return {
      paintRules: [],
      labelRules: [
        ...(style.units[this.#level] ? [unitNames(this.#level, style, scale)] : []),
        ...(this.#hasPlaces ? placeMarks(style, scale) : []),
        ...(this.#hasGround ? roadNames(style, scale) : []),
      ],
    };
  };
}
