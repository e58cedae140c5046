/**
 * The one Leaflet of the page: django-leaflet loads it as a classic script, and every module that
 * imports "leaflet" gets that very object (a second copy would patch the wrong classes).
 */
// @ts-ignore: the global is Leaflet itself
export default window.L;
