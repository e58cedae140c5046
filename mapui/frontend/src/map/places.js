/** The places of the base map as labels that collide with no other: a disc with a picture, and the name. */
import { placeLook } from "../layers/places.js";
import { FONT } from "./base.js";

/**
 * @typedef {import("protomaps-leaflet").LabelRule} LabelRule
 * @typedef {import("protomaps-leaflet").LabelSymbolizer} LabelSymbolizer
 * @typedef {import("../layers/styles.js").MapStyle} MapStyle
 */

/** Compounds are many: they come when their buildings can be told apart. */
const FROM = { compound: 17, other: 15 };
const NAMES_FROM = 16;
const BOX = 24;
const QUIET = 0.75;

/** @type {Map<string, Path2D>} */
const pictures = new Map();

/** @param {string} kind */
function picture(kind) {
  const known = pictures.get(kind);
  if (known) return known;
  const made = new Path2D(placeLook(kind).path);
  pictures.set(kind, made);
  return made;
}

/** @implements {LabelSymbolizer} */
class PlaceMark {
  /** @param {MapStyle} style @param {number} scale */
  constructor({ placeLabels }, scale) {
    this.text = placeLabels;
    this.radius = 8.5 * scale;
    this.size = 12.5 * scale;
    this.font = `600 ${this.size}px ${FONT}`;
  }

  /** @type {LabelSymbolizer["place"]} */
  place(layout, geometry, { props }) {
    const anchor = geometry[0]?.[0];
    if (!anchor) return undefined;
    const { radius } = this;
    const [kind, name] = [String(props.kind), String(props.name ?? "")];
    const disc = box(anchor, -radius, -radius, radius, radius);
    const labels = [
      { anchor, bboxes: [disc], draw: (/** @type {any} */ context) => this.#disc(context, kind) },
    ];
    if (layout.zoom < NAMES_FROM || name === "") return labels;
    layout.scratch.font = this.font;
    const half = layout.scratch.measureText(name).width / 2;
    const [top, bottom] = [radius + 2, radius + 2 + 1.3 * this.size];
    labels.push({
      anchor,
      bboxes: [box(anchor, -half, top, half, bottom)],
      draw: (/** @type {any} */ context) => this.#name(context, name, top),
    });
    return labels;
  }

  /** @param {CanvasRenderingContext2D} context @param {string} kind */
  #disc(context, kind) {
    const { radius } = this;
    context.beginPath();
    context.arc(0, 0, radius * 0.94, 0, 2 * Math.PI);
    // What stands there for years is quieter than what has just happened.
    context.globalAlpha = QUIET;
    context.fillStyle = placeLook(kind).colour;
    context.fill();
    context.strokeStyle = "#ffffff";
    const scale = (1.25 * radius) / BOX;
    context.scale(scale, scale);
    context.translate(-BOX / 2, -BOX / 2);
    context.lineWidth = 2;
    context.lineCap = "round";
    context.lineJoin = "round";
    context.stroke(picture(kind));
  }

  /** @param {CanvasRenderingContext2D} context @param {string} name @param {number} top */
  #name(context, name, top) {
    context.font = this.font;
    context.textAlign = "center";
    context.textBaseline = "top";
    context.lineJoin = "round";
    context.lineWidth = this.size / 4;
    context.strokeStyle = this.text.halo;
    context.strokeText(name, 0, top);
    context.fillStyle = this.text.fill;
    context.fillText(name, 0, top);
  }
}

/** @param {{ x: number, y: number }} at @param {number} left @param {number} top @param {number} right @param {number} bottom */
const box = ({ x, y }, left, top, right, bottom) => ({
  minX: x + left,
  minY: y + top,
  maxX: x + right,
  maxY: y + bottom,
});

/**
 * Places with their pictures; the more important ones first.
 *
 * @param {MapStyle} style
 * @param {number} scale of the screen
 * @returns {LabelRule[]}
 */
export function placeMarks(style, scale) {
  const symbolizer = new PlaceMark(style, scale);
  /** @param {boolean} wanted @param {number} minzoom @returns {LabelRule} */
  const rule = (wanted, minzoom) => ({
    dataSource: "base",
    dataLayer: "place",
    minzoom,
    filter: (_z, { props }) => (props.kind === "compound") === wanted,
    symbolizer,
  });
  return [rule(false, FROM.other), rule(true, FROM.compound)];
}
