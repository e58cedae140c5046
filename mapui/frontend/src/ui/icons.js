/**
 * The pictures of matters, drawn with one stroke width in a box of 24; by the `icon` of the catalogue.
 */
import ICONS from "./icons.json" with { type: "json" };

/** @type {Record<string, string>} */
const PATHS = ICONS;

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
