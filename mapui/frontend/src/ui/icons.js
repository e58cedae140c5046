/**
 * Pictures, drawn with one stroke width in a box of 24: those of matters, by the `icon` of the catalogue, and
 * those of buttons.
 */
import ICONS from "./icons.json" with { type: "json" };
import SIGNS from "./signs.json" with { type: "json" };

/** @type {Record<string, string>} */
const PATHS = { ...ICONS, ...SIGNS };

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} name
 * @returns {SVGSVGElement} the picture, or that of other matters where there is none
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name] ?? PATHS.other ?? "");
  svg.append(path);
  return svg;
}
