/** Households and party households: two switches for one layer of tiles. */
import { householdLayer, householdLook } from "../../map/households.js";
import { redraw } from "../../map/vector.js";

/** @typedef {import("../../layers/styles.js").MapStyle} MapStyle */

export class Households {
  #shown = { all: false, party: false };

  /**
   * @param {import("leaflet").Map} map
   * @param {import("../../map/vector.js").TileSource} source
   * @param {MapStyle} style
   * @param {number} scale of the screen
   */
  constructor(map, source, style, scale) {
    this.map = map;
    this.style = style;
    this.scale = scale;
    this.layer = householdLayer(map, source);
  }

  /** @param {Partial<{ all: boolean, party: boolean }>} change */
  show(change) {
    Object.assign(this.#shown, change);
    const { all, party } = this.#shown;
    redraw(this.layer, householdLook(this.style.households, { all, party }, this.scale));
    if (!(all || party)) this.layer.remove();
    else if (!this.map.hasLayer(this.layer)) this.layer.addTo(this.map);
  }

  /** @param {MapStyle} style */
  restyle(style) {
    this.style = style;
    this.show({});
  }
}
