/**
 * The map that django-leaflet makes; it tells the page by `map:init` once it stands.
 *
 * @param {string} id of the map's element
 * @returns {Promise<import("leaflet").Map>}
 */
export const mapReady = (id) =>
  new Promise((resolve) => {
    addEventListener("map:init", (event) => {
      const { detail } = /** @type {CustomEvent} */ (event);
      if (detail.id === id) resolve(detail.map);
    });
  });
