/** Layers of vector tiles; only map/ knows that protomaps-leaflet draws them. */
import { leafletLayer } from "protomaps-leaflet";

/**
 * @typedef {object} TileSource
 * @property {any} url with {z}, {x}, {y}; or what gives the tiles itself (map/kept.js)
 * @property {number} maxzoom the deepest zoom there are tiles for; deeper ones are enlarged
 *
 * @typedef {import("leaflet").GridLayer} GridLayer
 * @typedef {import("protomaps-leaflet").LeafletLayerOptions} LayerOptions
 * @typedef {Pick<LayerOptions, "paintRules" | "labelRules" | "backgroundColor">} Drawing
 * @typedef {(stretch: number) => Drawing} Draw what is drawn where tiles are stretched so much
 */

const MAX_ZOOM = 20;
const TILE = 256;
/** Data tiles that a layer keeps decoded, of 512 pixels: a band of 7680 x 2160 shows 96. */
const KEPT_TILES = 256;
const FIRST_RETRY_MS = 2000;
const LAST_RETRY_MS = 60_000;

/** Tiles over HTTP; `onFailed` asks for all of a layer's tiles again, later and later as long as it is in vain. */
class HttpTiles {
  #retryMs = FIRST_RETRY_MS;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;

  /** @param {string} address @param {() => void} onFailed */
  constructor(address, onFailed) {
    this.address = address;
    this.onFailed = onFailed;
  }

  /** @param {number} z @param {number} x @param {number} y @param {AbortSignal} [signal] */
  async getZxy(z, x, y, signal) {
    const url = this.address.replace("{z}", `${z}`).replace("{x}", `${x}`).replace("{y}", `${y}`);
    try {
      const response = await fetch(url, signal ? { signal } : {});
      // What a server says that isn't a tile must not be drawn as one.
      if (!response.ok) throw new Error(`${response.status} ${url}`);
      this.#retryMs = FIRST_RETRY_MS;
      return response.status === 204 ? undefined : { data: await response.arrayBuffer() };
    } catch (error) {
      if (!signal?.aborted) this.#retryLater();
      throw error;
    }
  }

  #retryLater() {
    if (this.#waiting !== undefined) return;
    this.#waiting = setTimeout(() => {
      this.#waiting = undefined;
      this.#retryMs = Math.min(LAST_RETRY_MS, 2 * this.#retryMs);
      this.onFailed();
    }, this.#retryMs);
  }
}

/** By itself the library keeps 64 tiles, and a large wall would decode its tiles again and again. */
class Roomy extends Map {
  /** @override */
  get size() {
    return (super.size * 64) / KEPT_TILES;
  }
}

/**
 * Make a layer of vector tiles. Tiles that fail, since the server is away, are asked for again until they are
 * there: a wall has nobody who moves the map.
 *
 * Between whole zooms the tiles of the nearest one are stretched. So `draw` is told by how much, to divide what is to
 * keep its size on the screen, and the pictures get as many pixels as they cover: they are as sharp as at whole zooms.
 *
 * @param {TileSource | Record<string, TileSource>} source one; or several by name, for rules with a `dataSource`
 * @param {Draw} draw
 * @param {{ lang?: string, pane?: string }} [options]
 * @returns {GridLayer}
 */
export function vectorLayer(source, draw, options = {}) {
  const again = () => layer._map && layer.rerenderTiles();
  /** @param {TileSource} one @returns {any} */
  const option = ({ url, maxzoom }) => ({
    url: typeof url === "string" ? new HttpTiles(url, again) : url,
    maxDataZoom: maxzoom,
  });
  const sources = isOne(source)
    ? option(source)
    : { sources: Object.fromEntries(Object.entries(source).map(([key, one]) => [key, option(one)])) };
  /** @type {any} */
  const layer = leafletLayer({ attribution: "", maxZoom: MAX_ZOOM, ...sources, ...draw(1), ...options });
  for (const { tileCache } of layer.views.values()) tileCache.cache = new Roomy();
  keepLabels(layer);
  layer.draw = draw;
  layer.stretch = 1;
  const sharpen = () => stretchTo(layer, stretchOf(layer._map.getZoom()));
  layer.on("add", () => {
    layer._map.on("zoomend", sharpen);
    sharpen();
  });
  layer.on("remove", () => layer._map.off("zoomend", sharpen));
  return layer;
}

/** @param {TileSource | Record<string, TileSource>} source @returns {source is TileSource} */
const isOne = (source) => typeof source.maxzoom === "number";

/** The library forgets the labels of all but 16 data tiles otherwise. @param {any} layer */
function keepLabels(layer) {
  layer.labelers.maxLabeledTiles = KEPT_TILES;
}

/** By how much Leaflet stretches the tiles of the nearest whole zoom. @param {number} zoom */
const stretchOf = (zoom) => 2 ** (zoom - Math.round(zoom));

/** @param {any} layer @param {number} stretch */
function stretchTo(layer, stretch) {
  if (Math.abs(stretch - layer.stretch) < 1e-6) return;
  layer.stretch = stretch;
  layer.tileSize = Math.round(TILE * layer.devicePixelRatio * stretch);
  redraw(layer);
}

/**
 * The nearest zoom at which tiles cover whole pixels: anywhere else their edges would be seen.
 *
 * @param {number} zoom
 * @returns {number}
 */
export function seamless(zoom) {
  const whole = Math.round(zoom);
  return whole + Math.log2(Math.round(TILE * stretchOf(zoom)) / TILE);
}

/**
 * Draw a layer anew, from the tiles that it has.
 *
 * @param {GridLayer} layer
 * @param {Draw} [draw] otherwise than before
 */
export function redraw(layer, draw) {
  /** @type {any} */
  const drawn = layer;
  if (draw) drawn.draw = draw;
  Object.assign(drawn, drawn.draw(drawn.stretch));
  drawn.clearLayout();
  keepLabels(drawn);
  if (drawn._map) drawn.rerenderTiles();
}

/**
 * Let a layer draw from the tiles that others have read already.
 *
 * @param {GridLayer} layer with sources of these names
 * @param {Record<string, GridLayer>} others each with one source
 */
export function shareTiles(layer, others) {
  const { views } = /** @type {any} */ (layer);
  for (const [name, other] of Object.entries(others)) {
    views.set(name, /** @type {any} */ (other).views.get(""));
  }
}

/** Read a layer's tiles anew, from another address. @param {GridLayer} layer with one source @param {string} url */
export function renew(layer, url) {
  for (const { tileCache } of /** @type {any} */ (layer).views.values()) {
    tileCache.source.p.address = url;
    tileCache.cache.clear();
  }
  redraw(layer);
}
