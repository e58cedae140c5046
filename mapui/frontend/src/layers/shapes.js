/**
 * The outlines of the state shapes, once for canvas and SVG alike, in a box from -1 to 1.
 *
 * @typedef {import("./states.js").Shape} Shape
 */

/** @param {number} corners @param {number} turn of the first corner, in full turns @param {number} radius */
const polygon = (corners, turn, radius) =>
  Array.from({ length: corners }, (_, i) => {
    const angle = 2 * Math.PI * (turn + i / corners);
    return /** @type {[number, number]} */ ([radius * Math.cos(angle), radius * Math.sin(angle)]);
  });

/** @type {Partial<Record<Shape, [number, number][]>>} */
const POLYGONS = {
  triangle: polygon(3, -0.25, 1.1),
  diamond: polygon(4, -0.25, 1.05),
  square: polygon(4, -0.125, 1.1),
  hexagon: polygon(6, 0, 1),
};
/** @type {Partial<Record<Shape, number>>} */
const RADII = { dot: 0.55, ring: 0.72, circle: 0.9 };

/** @param {Shape} shape @returns {boolean} drawn as an outline, without a fill */
export const isHollow = (shape) => shape === "ring";

/**
 * Trace a shape as the current path of a canvas.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Shape} shape
 * @param {number} x
 * @param {number} y
 * @param {number} radius pixels
 */
export function trace(context, shape, x, y, radius) {
  const corners = POLYGONS[shape];
  context.beginPath();
  if (!corners) {
    context.arc(x, y, radius * (RADII[shape] ?? 1), 0, 2 * Math.PI);
    return;
  }
  for (const [dx, dy] of corners) context.lineTo(x + dx * radius, y + dy * radius);
  context.closePath();
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * The same shape as an SVG element for lists and legends.
 *
 * @param {Shape} shape
 * @param {string} colour
 * @returns {SVGSVGElement}
 */
export function shapeIcon(shape, colour) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "-1.25 -1.25 2.5 2.5");
  svg.setAttribute("class", "shape");
  svg.setAttribute("aria-hidden", "true");
  const corners = POLYGONS[shape];
  const outline = document.createElementNS(SVG, corners ? "polygon" : "circle");
  if (corners) outline.setAttribute("points", corners.map((corner) => corner.join(",")).join(" "));
  else outline.setAttribute("r", String(RADII[shape] ?? 1));
  outline.setAttribute(isHollow(shape) ? "stroke" : "fill", colour);
  if (isHollow(shape)) {
    outline.setAttribute("fill", "none");
    outline.setAttribute("stroke-width", "0.45");
  }
  svg.append(outline);
  return svg;
}
