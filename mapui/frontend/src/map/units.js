import { CenteredTextSymbolizer, LineSymbolizer, PolygonSymbolizer } from "protomaps-leaflet";
import { FONT } from "./base.js";
import { ofLevel } from "./vector.js";

/**
 * @typedef {import("../layers/styles.js").MapStyle} MapStyle
 * @typedef {import("./vector.js").TileSource} TileSource
 * @typedef {import("./sheet.js").TileSheet} TileSheet
 * @typedef {import("protomaps-leaflet").PaintRule} PaintRule
 * @typedef {import("protomaps-leaflet").LabelRule} LabelRule
 *
 * @typedef {(unit: number) => string | null} Fill the colour of a unit by its id; null for none
 */

/** Pixels of a name; of what is not named here, there are too many for large ones. */
const LETTERS = /** @type {Record<string, number>} */ ({
  city: 22,
  district: 21,
  street: 20,
  community: 18,
  area: 16,
});
const SMALL = 13;
/** The tiles of the level that is shown, and those with the unit that is marked: mostly one of another level. */
const UNITS = "units";
const MARKED = "marked";
const FILL_OPACITY = 0.6;
/** Pixels of the screen: below one, lines need not be made into areas. */
const HAIR = 0.9;

/**
 * The names of the units of a level.
 *
 * @param {string} level
 * @param {MapStyle} style
 * @param {number} scale of the screen
 * @returns {LabelRule}
 */
export function unitNames(level, style, scale) {
  return {
    dataSource: UNITS,
    dataLayer: `${level}_name`,
    minzoom: style.units[level]?.labels ?? 0,
    symbolizer: new CenteredTextSymbolizer({
      labelProps: ["name"],
      fontFamily: FONT,
      fontSize: (LETTERS[level] ?? SMALL) * scale,
      fontWeight: 700,
      fill: style.unitLabels.fill,
      stroke: style.unitLabels.halo,
      width: 4 * scale,
    }),
  };
}

/** The outlines of the units of one level, filled by a figure if there is one, and by themselves with names. */
export class UnitLayer {
  #level = "";
  #fromZoom = 0;
  /** @type {Fill | null} */
  #fill = null;
  /** @type {{ id: number, level: string } | null} */
  #marked = null;

  /**
   * @param {import("leaflet").Map} map
   * @param {TileSheet} sheet that they are drawn on
   * @param {TileSource} source
   * @param {MapStyle} style
   * @param {object} [options]
   * @param {number} [options.scale] of the screen
   * @param {boolean} [options.hasNames] off where they are written by others (map/lettering.js)
   * @param {(isVisible: boolean) => void} [options.onVisible] hears whether the map is near enough for the level
   */
  constructor(map, sheet, source, style, { scale = 1, hasNames = true, onVisible } = {}) {
    this.map = map;
    this.sheet = sheet;
    this.style = style;
    this.scale = scale;
    this.hasNames = hasNames;
    this.source = source;
    map.on("zoomend", () => onVisible?.(this.#isNear()));
    this.onVisible = onVisible;
  }

  /**
   * @param {string} level the level to show instead of the one shown now
   * @param {number} fromZoom the first that it is shown at
   */
  show(level, fromZoom) {
    if (level !== this.#level) this.#read(UNITS, level);
    this.#level = level;
    this.#fromZoom = fromZoom;
    this.onVisible?.(this.#isNear());
    this.#redraw();
  }

  /** Show units as other tiles have them: those of another day, or of a newer version. @param {TileSource} source */
  use(source) {
    this.source = source;
    if (this.#level) this.#read(UNITS, this.#level);
    if (this.#marked) this.#read(MARKED, this.#marked.level);
  }

  /** @param {MapStyle} style */
  restyle(style) {
    this.style = style;
    this.#redraw();
  }

  /** Fill the units by a figure, or not at all. @param {Fill | null} fill */
  fillBy(fill) {
    this.#fill = fill;
    this.#redraw();
  }

  /** Draw a strong line around a unit, or around none. @param {{ id: number, level: string } | null} unit */
  mark(unit) {
    if (unit?.id === this.#marked?.id) return;
    if (unit && unit.level !== this.#marked?.level) this.#read(MARKED, unit.level);
    this.#marked = unit;
    this.#redraw();
  }

  /** @param {string} name of the tiles on the sheet @param {string} level */
  #read(name, level) {
    this.sheet.read(name, ofLevel(this.source, level));
  }

  #redraw() {
    this.sheet.draw(UNITS, this.#draw);
  }

  /** @type {import("./sheet.js").Draw} */
  #draw = (stretch) => {
    const { style } = this;
    const scale = this.scale / stretch;
    const level = this.#level;
    const look = style.units[level];
    if (!look) return { paintRules: [], labelRules: [] };
    const { colour, hair = 0 } = look;
    const width = look.width * scale;
    const far = { minzoom: this.#fromZoom, maxzoom: hair };
    const near = { minzoom: Math.max(this.#fromZoom, hair + 1) };
    return {
      paintRules: [
        ...this.#filling(level),
        ...(hair ? [{ ...line(level, colour, HAIR / stretch, 0.7), ...far }] : []),
        { ...line(level, style.unitLabels.halo, width + 2 * scale, 0.55), ...near },
        { ...line(level, colour, width, 0.95), ...near },
        ...this.#marking(scale),
      ],
      labelRules: this.hasNames ? [unitNames(level, style, scale)] : [],
    };
  };

  /** @param {string} level @returns {PaintRule[]} */
  #filling(level) {
    const fill = this.#fill;
    if (!fill) return [];
    return [
      {
        dataLayer: level,
        minzoom: this.#fromZoom,
        filter: (_z, feature) => fill(idOf(feature)) !== null,
        symbolizer: new PolygonSymbolizer({
          fill: (_z, feature) => fill(idOf(feature)) ?? "",
          opacity: FILL_OPACITY,
          perFeature: true,
        }),
      },
    ];
  }

  /** @param {number} scale @returns {PaintRule[]} */
  #marking(scale) {
    const { style } = this;
    const marked = this.#marked;
    if (!marked) return [];
    const filter = (/** @type {number} */ _z, /** @type {any} */ unit) => idOf(unit) === marked.id;
    return [
      { ...line(marked.level, style.unitLabels.halo, 9 * scale, 0.8), filter, dataSource: MARKED },
      { ...line(marked.level, style.unitLabels.fill, 4.5 * scale, 1), filter, dataSource: MARKED },
    ];
  }

  #isNear() {
    return Math.round(this.map.getZoom()) >= this.#fromZoom;
  }
}

/** The library reads it, and doesn't tell so. @param {any} feature @returns {number} */
const idOf = ({ id }) => id;

/** @param {string} level @param {string} color @param {number} width @param {number} opacity @returns {PaintRule} */
const line = (level, color, width, opacity) => ({
  dataLayer: level,
  symbolizer: new LineSymbolizer({ color, width, opacity, lineJoin: "round" }),
});
