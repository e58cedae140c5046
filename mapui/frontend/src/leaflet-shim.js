/**
 * The one Leaflet of the page: django-leaflet loads it as a classic script, and every module that
 * imports "leaflet" gets that very object (a second copy would patch the wrong classes).
 */
/** @type {typeof import("leaflet")} */
const leaflet = /** @type {any} */ (window).L;
export default leaflet;
