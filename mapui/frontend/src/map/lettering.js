/** Everything that is written on the wall's map: one layer, so that no name lies on another. */
import { roadNames } from "./base.js";
import { placeMarks } from "./places.js";
import { unitNames } from "./units.js";
import { redraw, shareTiles, vectorLayer } from "./vector.js";

/**
 * @typedef {import("../layers/styles.js").MapStyle} MapStyle
 * @typedef {import("leaflet").GridLayer} GridLayer
 * @typedef {import("./base.js").TileSources} TileSources
 */

const PANE = "lettering";
const BASE = "base";
const UNITS = "units";

export class Lettering {
  #level = "";
  /** Whether roads and the like are named: pictures of a foreign base map have their own names. */
  #hasGround = true;
  #hasPlaces = false;

  /**
   * @param {import("leaflet").Map} map
   * @param {TileSources} tiles
   * @param {GridLayer} base whose tiles are read for both
   * @param {MapStyle} style
   * @param {{ scale: number, language: string }} look
   */
  constructor(map, tiles, base, style, { scale, language }) {
    const pane = map.createPane(PANE);
    pane.style.zIndex = "310";
    pane.style.pointerEvents = "none";
    this.style = style;
    this.scale = scale;
    const sources = { [BASE]: tiles.base, [UNITS]: tiles.units };
    this.layer = vectorLayer(sources, this.#draw, { lang: language, pane: PANE });
    shareTiles(this.layer, { [BASE]: base });
    this.layer.addTo(map);
  }

  /** Name the units of a level, out of a layer's tiles. @param {string} level @param {GridLayer | null} units */
  name(level, units) {
    this.#level = level;
    if (units) shareTiles(this.layer, { [UNITS]: units });
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
    redraw(this.layer);
  }

  /** @type {import("./vector.js").Draw} */
  #draw = (stretch) => {
    const { style } = this;
    const scale = this.scale / stretch;
    return {
      paintRules: [],
      labelRules: [
        ...(style.units[this.#level] ? [unitNames(this.#level, style, scale, UNITS)] : []),
        ...(this.#hasPlaces ? placeMarks(style, scale, BASE) : []),
        ...(this.#hasGround ? roadNames(style, scale, BASE) : []),
      ],
    };
  };
}
