/** Reading vector tiles; how they are drawn is in map/sheet.js. */
import { sourcesToViews } from "protomaps-leaflet";

/**
 * @typedef {object} TileSource
 * @property {any} url with {z}, {x}, {y}, of units with {level}; or what gives the tiles itself (map/kept.js)
 * @property {number} maxzoom the deepest zoom there are tiles for; deeper ones are enlarged
 *
 * @typedef {import("protomaps-leaflet").View} View
 */

/** Data tiles that are kept decoded of a source, of 512 pixels: a band of 7680 x 2160 shows 96. */
export const KEPT_TILES = 256;
const FIRST_RETRY_MS = 2000;
const LAST_RETRY_MS = 60_000;

/** The tiles of the units of one level. @param {TileSource} source @param {string} level @returns {TileSource} */
export const ofLevel = ({ url, maxzoom }, level) => ({
  url: typeof url === "string" ? url.replace("{level}", level) : url.ofLevel(level),
  maxzoom,
});

/** Tiles over HTTP; `onFailed` asks for all of a map's tiles again, later and later as long as it is in vain. */
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
 * Read and decode the tiles of a source. Those that fail, since the server is away, are to be asked for again until
 * they are there: a wall has nobody who moves the map.
 *
 * @param {TileSource} source
 * @param {() => void} onFailed hears when it is time to ask again
 * @returns {View}
 */
export function readTiles({ url, maxzoom }, onFailed) {
  const from = typeof url === "string" ? new HttpTiles(url, onFailed) : url;
  const view = /** @type {any} */ (sourcesToViews({ url: from, maxDataZoom: maxzoom }).get(""));
  view.tileCache.cache = new Roomy();
  return view;
}
