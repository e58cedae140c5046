/**
 * Translation through Django's JavaScript catalogue, which the page loads before its module.
 * The names are those that makemessages looks for.
 */

/** @type {any} */
const catalogue = globalThis;

/** @param {string} message @returns {string} */
export const gettext = (message) => catalogue.gettext?.(message) ?? message;

/** @param {string} context @param {string} message @returns {string} */
export const pgettext = (context, message) => catalogue.pgettext?.(context, message) ?? message;

/** @param {string} one @param {string} many @param {number} count @returns {string} */
export const ngettext = (one, many, count) =>
  catalogue.ngettext?.(one, many, count) ?? (count === 1 ? one : many);

/**
 * Fill the named places of a translated sentence: `%(name)s`.
 *
 * @param {string} template
 * @param {Record<string, string | number>} values
 * @returns {string}
 */
export function fill(template, values) {
  return template.replace(/%\((\w+)\)s/g, (_, name) => String(values[name]));
}

/** @returns {string} the language of the page */
export const language = () => document.documentElement.lang || "zh-hans";
