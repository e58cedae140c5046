/** The map that lies on this phone: its tiles come first, the network has the rest. */
import { FileSource, PMTiles } from "pmtiles";

/**
 * @typedef {import("./base.js").TileSources} TileSources
 * @typedef {{ getZxy: (z: number, x: number, y: number, signal?: AbortSignal) => Promise<{ data: ArrayBuffer } | undefined> }} Tiles
 */

/**
 * @param {TileSources} live where the server has the tiles
 * @param {Promise<Blob | undefined>} archive PMTiles with the layers of both; undefined: there is none
 * @returns {TileSources}
 */
export function withKept(live, archive) {
  const kept = archive.then(
    (blob) => blob && new PMTiles(new FileSource(new File([blob], "around.pmtiles"))),
  );
  /** @param {import("./base.js").TileSource} source @returns {any} */
  const both = (source) => ({ ...source, url: keptFirst(kept, String(source.url)) });
  return { base: both(live.base), units: both(live.units) };
}

/**
 * @param {Promise<Tiles | undefined>} kept
 * @param {string} address with {z}, {x}, {y}, of units with {level}
 * @returns {Tiles & { ofLevel: (level: string) => Tiles }}
 */
const keptFirst = (kept, address) => ({
  ofLevel: (level) => keptFirst(kept, address.replace("{level}", level)),
  getZxy: async (z, x, y, signal) => {
    const here = await (await kept)?.getZxy(z, x, y, signal);
    if (here) return here;
    const url = address.replace("{z}", `${z}`).replace("{x}", `${x}`).replace("{y}", `${y}`);
    try {
      const response = await fetch(url, signal ? { signal } : {});
      return response.status === 200 ? { data: await response.arrayBuffer() } : undefined;
    } catch (error) {
      // No network: the map ends here. A tile that nobody wants any more is no empty one.
      if (signal?.aborted) throw error;
      return undefined;
    }
  },
});
