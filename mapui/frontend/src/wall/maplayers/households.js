/** Households and party households: two switches for one part of the map. */
import { householdLook } from "../../map/households.js";

/** @typedef {import("../../layers/styles.js").MapStyle} MapStyle */

export class Households {
  #shown = { all: false, party: false };

  /**
   * @param {import("../../map/sheet.js").TileSheet} sheet
   * @param {import("../../map/vector.js").TileSource} source
   * @param {MapStyle} style
   * @param {number} scale of the screen
   */
  constructor(sheet, source, style, scale) {
    this.sheet = sheet;
    this.style = style;
    this.scale = scale;
    sheet.read("households", source);
  }

  /** @param {Partial<{ all: boolean, party: boolean }>} change */
  show(change) {
    Object.assign(this.#shown, change);
    const { all, party } = this.#shown;
    const look = householdLook(this.style.households, { all, party }, this.scale);
    this.sheet.draw("households", all || party ? look : null);
  }

  /** @param {MapStyle} style */
  restyle(style) {
    this.style = style;
    this.show({});
  }
}
