/**
 * Boundaries are published, roads and households change while a wall is open for months: look now and then which
 * version of the tiles is current.
 *
 * @typedef {import("../../map/vector.js").TileSource} TileSource
 */

const EVERY_MS = 60_000;
/** The layers, and the tiles that tell their version: those of units have one together. */
const LAYERS = { base: "base", units: "units/city", households: "households" };

/**
 * @param {Record<string, TileSource>} given by layer; the addresses that are known already
 * @param {(tiles: string) => Promise<any>} read the TileJSON of tiles; nothing where it can't be read
 * @param {(layer: string, url: string) => void} onNewer hears the new address, and writes it down where it was given
 */
export function watchVersions(given, read, onNewer) {
  setInterval(async () => {
    for (const [layer, tiles] of Object.entries(LAYERS)) {
      const url = given[layer]?.url;
      const found = url && (await read(tiles));
      const address = found?.tiles?.[0] && pathOf(found.tiles[0], location.href);
      if (address && address !== url) onNewer(layer, address);
    }
  }, EVERY_MS);
}

/**
 * The address of tiles as the page was given it: without host, its braces as they are, for all levels of units.
 *
 * @param {string} address
 * @param {string} page
 */
export const pathOf = (address, page) =>
  decodeURI(new URL(address, page).pathname).replace("/units/city/", "/units/{level}/");
