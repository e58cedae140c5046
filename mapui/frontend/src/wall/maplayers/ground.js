/** What the wall's map shows of the ground: our own base map, or the pictures of others with ours beneath. */
import { groundLook } from "../../map/base.js";
import { rasterLayers, UNDER_RASTERS } from "../../map/raster.js";
import { TileSheet } from "../../map/sheet.js";

/**
 * @typedef {import("../../layers/styles.js").MapStyle} MapStyle
 * @typedef {import("../../map/vector.js").TileSource} TileSource
 * @typedef {import("../../map/raster.js").RasterMap} RasterMap
 */

export class Ground {
  /** @type {import("leaflet").LayerGroup | null} */
  #pictures = null;
  /** @type {TileSheet | null} ours, where others give no picture */
  #under = null;

  /**
   * @param {import("leaflet").Map} map
   * @param {TileSheet} sheet
   * @param {TileSource} source
   * @param {MapStyle} style
   * @param {import("../../map/base.js").Look} look
   */
  constructor(map, sheet, source, style, look) {
    this.map = map;
    this.sheet = sheet;
    this.source = source;
    this.style = style;
    this.look = look;
    sheet.read("base", source);
    this.#draw();
  }

  /** @param {RasterMap | undefined} raster undefined: our own map */
  show(raster) {
    this.#pictures?.remove();
    this.#under?.remove();
    this.#pictures = raster ? rasterLayers(this.map, raster).addTo(this.map) : null;
    this.#under = raster ? new TileSheet({ pane: UNDER_RASTERS }).addTo(this.map) : null;
    this.#under?.read("base", this.source);
    this.#draw();
  }

  /** @param {MapStyle} style */
  restyle(style) {
    this.style = style;
    this.#draw();
  }

  /** The tiles have another version. @param {TileSource} source */
  renew(source) {
    this.source = source;
    this.sheet.read("base", source);
    this.#under?.read("base", source);
  }

  #draw() {
    const look = groundLook(this.style, this.look, { hasNames: false });
    this.sheet.draw("base", this.#under ? null : look);
    this.#under?.draw("base", look);
  }
}
