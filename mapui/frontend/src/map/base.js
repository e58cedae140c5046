import {
  CenteredTextSymbolizer,
  LineLabelSymbolizer,
  LineSymbolizer,
  leafletLayer,
  PolygonSymbolizer,
} from "protomaps-leaflet";

import { LIGHT } from "../layers/styles.js";

/**
 * The base map, drawn from our own vector tiles.
 *
 * @typedef {import("../layers/styles.js").MapStyle} MapStyle
 * @typedef {import("../layers/styles.js").RoadStyle} RoadStyle
 * @typedef {import("protomaps-leaflet").PaintRule} PaintRule
 * @typedef {import("protomaps-leaflet").LabelRule} LabelRule
 *
 * @typedef {object} TileSource
 * @property {any} url with {z}, {x}, {y}; or what gives the tiles itself (map/kept.js)
 * @property {number} maxzoom the deepest zoom there are tiles for; deeper ones are enlarged
 *
 * @typedef {object} TileSources
 * @property {TileSource} base
 * @property {TileSource} units
 */

export const FONT = '"Noto Sans CJK SC", "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", sans-serif';
/** Metres per pixel at zoom 0 on the equator. */
const EQUATOR = 156_543.034;
const DETAIL_ZOOM = 14;
const PLACE_ZOOM = 16;
const MAX_ZOOM = 20;

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

/** @param {MapStyle} style @param {number} scale @returns {LabelRule[]} */
const labelRules = (style, scale) => [
  {
    dataLayer: "place",
    minzoom: PLACE_ZOOM,
    symbolizer: new CenteredTextSymbolizer({
      labelProps: ["name"],
      fontFamily: FONT,
      fontSize: 13 * scale,
      fill: style.placeLabels.fill,
      stroke: style.placeLabels.halo,
      width: 3 * scale,
    }),
  },
  ...style.roads.toReversed().map((road) => ({
    dataLayer: "road",
    minzoom: road.labels,
    filter: ofKind(road.kind),
    symbolizer: new LineLabelSymbolizer({
      labelProps: ["name"],
      fontFamily: FONT,
      fontSize: 13 * scale,
      fill: style.roadLabels.fill,
      stroke: style.roadLabels.halo,
      width: 3 * scale,
      maxLabelChars: 24,
    }),
  })),
];

/**
 * Make a layer of vector tiles whose labels all stay: by itself the library forgets those of all but 16
 * data tiles, and a 4K wall shows 40.
 *
 * @param {import("protomaps-leaflet").LeafletLayerOptions} options
 * @returns {import("leaflet").GridLayer}
 */
export function vectorLayer(options) {
  /** @type {any} */
  const layer = leafletLayer({ attribution: "", maxZoom: MAX_ZOOM, ...options });
  layer.labelers.maxLabeledTiles = 256;
  return layer;
}

/**
 * Make the base map: ground, water, green, roads and buildings.
 *
 * @param {TileSource} source
 * @param {MapStyle} style
 * @param {{ scale?: number, latitude?: number, language?: string }} [options] scale 1 suits a desk, 2 a
 *   4K wall; the latitude turns metres of road into pixels
 * @returns {import("leaflet").GridLayer}
 */
export const baseLayer = (source, style, { scale = 1, latitude = 30, language = "zh-hans" } = {}) =>
  vectorLayer({
    url: source.url,
    maxDataZoom: source.maxzoom,
    paintRules: paintRules(style, scale, latitude),
    labelRules: labelRules(style, scale),
    backgroundColor: style.background,
    lang: language,
  });

/**
 * The base map by day, for phones and desks.
 *
 * @param {TileSources} tiles
 * @param {Parameters<typeof baseLayer>[2]} [options]
 */
export const lightBase = (tiles, options) => baseLayer(tiles.base, LIGHT, options);
