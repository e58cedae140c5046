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
  #fromZoom = 0;

  /**
   * @param {import("leaflet").Map} map
   * @param {TileSource} source
   * @param {MapStyle} style
   * @param {{ scale?: number, language?: string, onVisible?: (isVisible: boolean) => void }} [options]
   *   `onVisible` hears whether the map is near enough for the level that was chosen
   */
  constructor(map, source, style, { scale = 1, language = "zh-hans", onVisible } = {}) {
    this.map = map;
    this.source = source;
    this.style = style;
    this.scale = scale;
    this.language = language;
    const pane = map.createPane(PANE);
    pane.style.zIndex = "300";
    pane.style.pointerEvents = "none";
    map.on("zoomend", () => onVisible?.(this.#isNear()));
    this.onVisible = onVisible;
  }

  /**
   * @param {string} level the level to show instead of the one shown now
   * @param {number} fromZoom the first that it is shown at
   */
  show(level, fromZoom) {
    this.#layer?.remove();
    this.#fromZoom = fromZoom;
    this.onVisible?.(this.#isNear());
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

  #isNear() {
    return Math.round(this.map.getZoom()) >= this.#fromZoom;
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
