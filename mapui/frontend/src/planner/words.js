/** Numbers and words of the planner's panels. */
import { fill, gettext, language } from "../ui/i18n.js";

/** @param {number} value @returns {string} */
export const count = (value) => new Intl.NumberFormat(language()).format(value);

/** @param {number | null | undefined} share @returns {string} with its sign: "+12 %" */
export function signedShare(share) {
  if (share === null || share === undefined) return "–";
  const percent = Math.round(100 * share);
  const sign = percent > 0 ? "+" : percent < 0 ? "−" : "±";
  return `${sign}${Math.abs(percent)}%`;
}

/** @param {number} squareMetres @returns {string} */
export const area = (squareMetres) =>
  squareMetres < 1e6
    ? fill(gettext("%(area)s ha"), { area: (squareMetres / 1e4).toFixed(squareMetres < 1e5 ? 2 : 1) })
    : fill(gettext("%(area)s km²"), { area: (squareMetres / 1e6).toFixed(2) });

/** @param {number} after @param {number} before @returns {string} the change with its sign; empty without one */
export function change(after, before) {
  const difference = Math.round(after - before);
  if (difference === 0) return "";
  return `${difference > 0 ? "+" : "−"}${count(Math.abs(difference))}`;
}

/** @returns {Record<string, string>} what empty ground is for */
export const purposes = () => ({
  "": gettext("Homes (none of these)"),
  business: gettext("Business"),
  green: gettext("Green"),
  public: gettext("Public"),
  industry: gettext("Industry"),
  water: gettext("Water"),
  transport: gettext("Transport"),
  other: gettext("Other ground"),
});
