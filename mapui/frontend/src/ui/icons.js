/**
 * The pictures of matters, drawn with one stroke width in a box of 24; by the `icon` of the catalogue.
 */

/** @type {Record<string, string>} */
const PATHS = {
  road: "M8 3 4 21M16 3l4 18M12 3v3M12 10.5v3M12 18v3",
  light:
    "M6 21h6M9 21V6a3 3 0 0 1 3-3h3a4 4 0 0 1 4 4M15 7h8l-1.500 3.500h-5zM19 14v2M15.500 13.500l-1 1.500M22.500 13.500l1 1.500",
  rubbish: "M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6M14 11v6",
  water: "M12 3c4 5 6 8 6 11a6 6 0 0 1-12 0c0-3 2-6 6-11zM9 14.500a3 3 0 0 0 3 3",
  fire: "M12 3c1 4 6 6 6 11a6 6 0 0 1-12 0c0-2 1-4 2.500-5 .2 2 1 3 2 3.200C10 9 10 6 12 3z",
  noise: "M4 10v4h4l5 4V6l-5 4zM16.500 9a4 4 0 0 1 0 6M19 6.500a8 8 0 0 1 0 11",
  parking:
    "M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM9.500 17V7h3.500a3 3 0 0 1 0 6H9.500",
  building: "M5 21V4h10v17M15 10h5v11M3 21h18M8 8h1M11.500 8h1M8 12h1M11.500 12h1M8 16h1M11.500 16h1",
  person: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 21c0-4.500 3.300-7 7.500-7s7.500 2.500 7.500 7",
  people:
    "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20c0-4 2.900-6 6.500-6s6.500 2 6.500 6M16 4.500a3.300 3.300 0 0 1 0 6.300M17.500 14.300c2.400.6 4 2.500 4 5.700",
  elder: "M10 8a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM10 8v6l-2.500 7M10 14l3 7M10 10l4 2.500h3V21",
  heart:
    "M12 20.500C5 15.500 3 12 3 8.500A4.600 4.600 0 0 1 12 7a4.600 4.600 0 0 1 9 1.500c0 3.500-2 7-9 12z",
  tree: "M12 21v-7M12 14c-5 0-7-2.500-7-5.500S8 3 12 3s7 2.500 7 5.500-2 5.500-7 5.500zM8 21h8",
  power: "M13 2 5 13.500h6L10 22l9-12h-6.500z",
  gas: "M7 21h10a1 1 0 0 0 1-1v-9a6 6 0 0 0-12 0v9a1 1 0 0 0 1 1zM10 5V3h4v2M9.500 12h5M9.500 16h5",
  lift: "M4 3h16v18H4zM12 3v18M8 9 6.500 11h3zM16 13l1.500-2h-3z",
  dog: "M5 10 4 5l4 2.500h5L17 5l-.5 5M5 10c0 5 2.500 9 5.700 9s5.800-4 5.800-9M8.500 11.500v.5M13 11.500v.5M10.700 15v1",
  dispute: "M4 4h11v8H9l-3 3v-3H4zM18 9h2v8h-2v3l-3-3H9.500v-2",
  shield: "M12 3 5 5.500V11c0 5 3 8 7 10 4-2 7-5 7-10V5.500zM9 12l2.200 2.200L15.500 10",
  medical: "M9 3h6v6h6v6h-6v6H9v-6H3V9h6z",
  document: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  wrench:
    "M14.500 6.500a4.500 4.500 0 0 1 5.800-2.300L17.500 7l.5 2.500 2.500.5 2.300-2.300a4.500 4.500 0 0 1-6.300 5L8 21l-4-4 8.500-8.300a4.500 4.500 0 0 1 2-2.200z",
  store: "M4 10v11h16V10M3 10l2-7h14l2 7M3 10a3 3 0 0 0 6 0 3 3 0 0 0 6 0 3 3 0 0 0 6 0M10 21v-6h4v6",
  alert: "M12 3 2.500 20h19zM12 9.500v5M12 17.200v.3",
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
