/** The names of the phone's caches: the page and its service worker share one. */

/** Of all of them; the files of each version have a cache of their own. */
export const PREFIX = "linge-phone-";
/** What outlives every version: the language that the phone opens in. */
export const SETTINGS = `${PREFIX}settings`;
