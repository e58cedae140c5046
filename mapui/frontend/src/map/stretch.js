/** Between whole zooms the tiles of the nearest one are stretched, to whole pixels: edges would be seen otherwise. */

/** Pixels of a tile at a whole zoom. */
export const TILE = 256;

/**
 * How wide a tile of the nearest whole zoom is on the screen.
 *
 * @param {number} zoom
 * @param {number} [tile] its pixels at the whole zoom
 * @returns {number} whole pixels
 */
export const widthAt = (zoom, tile = TILE) =>
  Math.round(TILE * 2 ** (zoom - Math.round(zoom))) * (tile / TILE);

/**
 * The nearest zoom at which tiles cover whole pixels.
 *
 * @param {number} zoom
 * @returns {number}
 */
export const seamless = (zoom) => Math.round(zoom) + Math.log2(widthAt(zoom) / TILE);
