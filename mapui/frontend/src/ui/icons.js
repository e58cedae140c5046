/**
 * The pictures of matters, drawn with one stroke width in a box of 24; by the `icon` of the catalogue.
 */

/** @type {Record<string, string>} */
const PATHS = {
  trash: "M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6M14 11v6",
  road: "M8 3 4 21M16 3l4 18M12 3v3M12 10.5v3M12 18v3",
  stall: "M4 10v11h16V10M3 10l2-7h14l2 7M3 10a3 3 0 0 0 6 0 3 3 0 0 0 6 0 3 3 0 0 0 6 0M10 21v-6h4v6",
  fire: "M12 3c1 4 6 6 6 11a6 6 0 0 1-12 0c0-2 1-4 2.500-5 .2 2 1 3 2 3.200C10 9 10 6 12 3z",
  charge: "M13 2 5 13.500h6L10 22l9-12h-6.500z",
  dispute: "M3 4h11v8H8l-3 3v-3H3zM17 9h4v8h-2v3l-3-3h-6v-2",
  noise: "M4 10v4h4l5 4V6l-5 4zM16.500 9a4 4 0 0 1 0 6M19 6.500a8 8 0 0 1 0 11",
  drain: "M12 3c4 5 6 8 6 11a6 6 0 0 1-12 0c0-3 2-6 6-11zM9 14.500a3 3 0 0 0 3 3",
  lamp: "M5 21h6M8 21V7a4 4 0 0 1 4-4h2a3 3 0 0 1 3 3v1M13 10l1-3h6l1 3zM17 13v2M13.500 12.500l-1 1.500M20.500 12.500l1 1.500",
  care: "M12 20.500C5 15.500 3 12 3 8.500A4.600 4.600 0 0 1 12 7a4.600 4.600 0 0 1 9 1.500c0 3.500-2 7-9 12z",
  errand: "M4 8h16v12H4zM8.500 8V6a3.500 3.500 0 0 1 7 0v2M8.500 12v1a3.500 3.500 0 0 0 7 0v-1",
  build: "M4 21V10l8-6 8 6v11M9 21v-6h6v6M2 21h20",
  falling: "M5 3v18M5 3h6v18M8 7v.1M8 11v.1M8 15v.1M17 3v9M13.500 9l3.500 3.500L20.500 9M14 17h6v4h-6z",
  other: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12v.1M12 12v.1M16 12v.1",
};

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
