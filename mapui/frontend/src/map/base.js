import {
  CenteredTextSymbolizer,
  LineLabelSymbolizer,
  LineSymbolizer,
  PolygonSymbolizer,
} from "protomaps-leaflet";

import { LIGHT } from "../layers/styles.js";
import { TileSheet } from "./sheet.js";

/**
 * The base map, drawn from our own vector tiles.
 *
 * @typedef {import("../layers/styles.js").MapStyle} MapStyle
 * @typedef {import("../layers/styles.js").RoadStyle} RoadStyle
 * @typedef {import("protomaps-leaflet").PaintRule} PaintRule
 * @typedef {import("protomaps-leaflet").LabelRule} LabelRule
 *
 * @typedef {import("./vector.js").TileSource} TileSource
 *
 * @typedef {object} TileSources
 * @property {TileSource} base
 * @property {TileSource} units
 *
 * @typedef {object} Look
 * @property {number} [scale] of the screen: 1 suits a desk, 2 a 4K wall
 * @property {number} [latitude] turns metres of road into pixels
 * @property {string} [language]
 */

export const FONT = '"Noto Sans CJK SC", "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", sans-serif';
/** Metres per pixel at zoom 0 on the equator. */
const EQUATOR = 156_543.034;
const DETAIL_ZOOM = 14;
const PLACE_ZOOM = 16;

/** @param {string} kind @returns {(z: number, feature: { props: Record<string, unknown> }) => boolean} */
const ofKind = (kind) => (_z, feature) => feature.props.kind === kind;

/**
 * @param {RoadStyle} road
 * @param {number} scale of the screen
 * @param {number} latitude
 */
function roadWidth(road, scale, latitude) {
  const perPixel = EQUATOR * Math.cos((latitude * Math.PI) / 180);
  /** @param {number} z @param {{ props: Record<string, unknown> }} [feature] */
  return (z, feature) => {
    const metres = Number(feature?.props.width_m) || road.metres;
    return Math.max(road.least * scale, (metres * 2 ** z) / perPixel);
  };
}

/** @param {MapStyle} style @param {number} scale @param {number} latitude @returns {PaintRule[]} */
function paintRules(style, scale, latitude) {
  /** @type {PaintRule[]} */
  const rules = style.areas.map((area) => ({
    dataLayer: area.kind,
    symbolizer: new PolygonSymbolizer({
      fill: area.fill,
      stroke: area.stroke ?? area.fill,
      width: area.stroke ? 1 : 0,
    }),
  }));
  const roads = style.roads.map((road) => ({ road, width: roadWidth(road, scale, latitude) }));
  for (const { road, width } of roads) {
    rules.push({
      dataLayer: "road",
      minzoom: Math.max(road.minzoom ?? 0, DETAIL_ZOOM),
      filter: ofKind(road.kind),
      symbolizer: new LineSymbolizer({
        color: road.casing,
        width: (z, feature) => width(z, feature) + 2 * scale,
        lineCap: "round",
        lineJoin: "round",
      }),
    });
  }
  for (const { road, width } of roads) {
    rules.push({
      dataLayer: "road",
      ...(road.minzoom ? { minzoom: road.minzoom } : {}),
      filter: ofKind(road.kind),
      symbolizer: new LineSymbolizer({
        color: road.colour,
        width: (z, feature) => width(z, feature),
        lineCap: road.dash ? "butt" : "round",
        lineJoin: "round",
        ...(road.dash ? { dash: road.dash } : {}),
      }),
    });
  }
  rules.push({
    dataLayer: "building",
    minzoom: style.buildings.minzoom ?? DETAIL_ZOOM,
    symbolizer: new PolygonSymbolizer({
      fill: style.buildings.fill,
      stroke: style.buildings.stroke ?? style.buildings.fill,
      width: 0.7 * scale,
    }),
  });
  return rules;
}

/** @param {number} scale */
const text = (scale) => ({
  labelProps: ["name"],
  fontFamily: FONT,
  fontSize: 14 * scale,
  width: 3 * scale,
});

/**
 * @param {MapStyle} style
 * @param {number} scale of the screen
 * @returns {LabelRule[]}
 */
export const roadNames = (style, scale) =>
  style.roads.toReversed().map((road) => ({
    dataSource: "base",
    dataLayer: "road",
    minzoom: road.labels,
    filter: ofKind(road.kind),
    symbolizer: new LineLabelSymbolizer({
      ...text(scale),
      fill: style.roadLabels.fill,
      stroke: style.roadLabels.halo,
      maxLabelChars: 24,
    }),
  }));

/** @param {MapStyle} style @param {number} scale @returns {LabelRule} */
const placeNames = ({ placeLabels }, scale) => ({
  dataLayer: "place",
  minzoom: PLACE_ZOOM,
  symbolizer: new CenteredTextSymbolizer({
    ...text(scale),
    fill: placeLabels.fill,
    stroke: placeLabels.halo,
  }),
});

/**
 * How the base map is drawn: ground, water, green, roads and buildings.
 *
 * @param {MapStyle} style
 * @param {Look} [look]
 * @param {{ hasNames?: boolean }} [parts] without names where these are written above other layers
 * @returns {import("./sheet.js").Draw}
 */
export const groundLook =
  (style, { scale: screen = 1, latitude = 30 } = {}, { hasNames = true } = {}) =>
  (stretch) => {
    const scale = screen / stretch;
    return {
      paintRules: paintRules(style, scale, latitude),
      labelRules: hasNames ? [placeNames(style, scale), ...roadNames(style, scale)] : [],
      backgroundColor: style.background,
    };
  };

/**
 * The base map by day, for phones and desks.
 *
 * @param {TileSources} tiles
 * @param {Look} [look]
 * @returns {TileSheet} on which more can be drawn
 */
export function lightBase(tiles, look = {}) {
  const sheet = new TileSheet({ language: look.language });
  sheet.read("base", tiles.base);
  sheet.draw("base", groundLook(LIGHT, look));
  return sheet;
}
