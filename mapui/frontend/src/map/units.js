import { CenteredTextSymbolizer, LineSymbolizer } from "protomaps-leaflet";
import { FONT, vectorLayer } from "./base.js";

/**
 * @typedef {import("../layers/styles.js").MapStyle} MapStyle
 * @typedef {import("./base.js").TileSource} TileSource
 * @typedef {import("protomaps-leaflet").PaintRule} PaintRule
 * @typedef {import("protomaps-leaflet").LabelRule} LabelRule
 */

/** Above the base map, below everything live. */
const PANE = "units";

/** The outlines and names of the units of one level. */
export class UnitLayer {
  /** @type {import("leaflet").GridLayer | null} */
  #layer = null;

  /**
   * @param {import("leaflet").Map} map
   * @param {TileSource} source
   * @param {MapStyle} style
   * @param {{ scale?: number, language?: string }} [options]
   */
  constructor(map, source, style, { scale = 1, language = "zh-hans" } = {}) {
    this.map = map;
    this.source = source;
    this.style = style;
    this.scale = scale;
    this.language = language;
    const pane = map.createPane(PANE);
    pane.style.zIndex = "300";
    pane.style.pointerEvents = "none";
  }

  /** @param {string} level the level to show instead of the one shown now */
  show(level) {
    this.#layer?.remove();
    const look = this.style.units[level];
    if (!look) return;
    const width = look.width * this.scale;
    this.#layer = vectorLayer({
      url: this.source.url,
      maxDataZoom: this.source.maxzoom,
      paintRules: [
        this.#line(level, this.style.unitLabels.halo, width + 2 * this.scale, 0.55),
        this.#line(level, look.colour, width, 0.95),
      ],
      labelRules: [this.#names(level, look.labels)],
      lang: this.language,
      pane: PANE,
    });
    this.#layer.addTo(this.map);
  }

  /** @param {string} level @param {string} color @param {number} width @param {number} opacity @returns {PaintRule} */
  #line(level, color, width, opacity) {
    return {
      dataLayer: level,
      symbolizer: new LineSymbolizer({ color, width, opacity, lineJoin: "round" }),
    };
  }

  /** @param {string} level @param {number} minzoom @returns {LabelRule} */
  #names(level, minzoom) {
    return {
      dataLayer: "unit_name",
      minzoom,
      filter: (_z, feature) => feature.props.level === level,
      symbolizer: new CenteredTextSymbolizer({
        labelProps: ["name"],
        fontFamily: FONT,
        fontSize: 17 * this.scale,
        fontWeight: 700,
        fill: this.style.unitLabels.fill,
        stroke: this.style.unitLabels.halo,
        width: 4 * this.scale,
      }),
    };
  }
}
