/** Households without persons: how densely they lie where the map is far, by building where it is near. */

import { Stamps } from "./stamps.js";

/**
 * @typedef {import("../layers/styles.js").HouseholdStyle} HouseholdStyle
 * @typedef {import("protomaps-leaflet").PaintSymbolizer} PaintSymbolizer
 * @typedef {{ all: boolean, party: boolean }} Shown which of the households
 */

/** Pixels of a cell: 64 of them in a data tile of 512. */
const CELL = 8;
/** A cell with so many is drawn as densely as any. */
const FULL = 60;

/** @implements {PaintSymbolizer} */
class Cells {
  /** Pixels of the screen for one of the map's. */
  #ratio = 1;

  /** @param {HouseholdStyle} style @param {Shown} shown */
  constructor(style, shown) {
    this.style = style;
    this.shown = shown;
  }

  /** @param {CanvasRenderingContext2D} context */
  before(context) {
    this.#ratio = context.getTransform().a;
  }

  /** @type {PaintSymbolizer["draw"]} */
  draw(context, geometry, _z, { props }) {
    const at = geometry[0]?.[0];
    if (!at) return;
    const [n, party] = [Number(props.n), Number(props.n_party ?? 0)];
    if (this.shown.all) {
      context.globalAlpha = 0.12 + 0.6 * Math.min(1, Math.sqrt(n / FULL));
      context.fillStyle = this.style.cell;
      this.#square(context, at, CELL);
    }
    if (this.shown.party && party > 0) {
      // The share of them: half of the cell's width where every fifth household is one.
      const side = CELL * Math.min(1, 0.25 + 1.25 * (party / n));
      context.globalAlpha = 0.9;
      context.fillStyle = this.style.party;
      this.#square(context, at, side);
    }
  }

  /**
   * Of whole pixels: their neighbours join on, and a hundred thousand are painted in half the time.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {{ x: number, y: number }} at
   * @param {number} side
   */
  #square(context, { x, y }, side) {
    const snap = (/** @type {number} */ value) => Math.round(value * this.#ratio) / this.#ratio;
    const [left, top] = [snap(x - side / 2), snap(y - side / 2)];
    context.fillRect(left, top, snap(x + side / 2) - left, snap(y + side / 2) - top);
  }
}

/** @implements {PaintSymbolizer} */
class Houses {
  #stamps = new Stamps();

  /** @param {HouseholdStyle} style @param {Shown} shown @param {number} scale */
  constructor(style, shown, scale) {
    this.style = style;
    this.shown = shown;
    this.scale = scale;
  }

  /** @param {CanvasRenderingContext2D} context */
  before(context) {
    this.#stamps.fit(context);
  }

  /** @type {PaintSymbolizer["draw"]} */
  draw(context, geometry, _z, { props }) {
    const at = geometry[0]?.[0];
    if (!at) return;
    const count = (/** @type {string} */ name) => Number(props[name] ?? 0);
    const radius = (6 + 2.2 * Math.log10(1 + count("n"))) * this.scale;
    context.globalAlpha = 1;
    if (this.shown.all) {
      const n = count("n");
      this.#stamps.put(context, `${n}`, at, radius + this.scale, (pen) => this.#number(pen, radius, n));
    }
    if (!this.shown.party) return;
    const away = this.shown.all ? radius : 0;
    if (count("n_party") > 0) this.#star(context, at.x + away, at.y - away, count("n_hub") > 0);
    if (count("n_contact") > 0) this.#heart(context, at.x + away, at.y + away);
  }

  /** @param {OffscreenCanvasRenderingContext2D} context @param {number} radius @param {number} n */
  #number(context, radius, n) {
    context.beginPath();
    context.arc(0, 0, radius, 0, 2 * Math.PI);
    context.fillStyle = this.style.cell;
    context.fill();
    context.lineWidth = 1.2 * this.scale;
    context.strokeStyle = this.style.edge;
    context.stroke();
    context.font = `700 ${Math.round(radius * (n < 100 ? 1.1 : 0.9))}px sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = this.style.ink;
    context.fillText(String(n), 0, 0.5);
  }

  /** Households that a member keeps contact with. @param {CanvasRenderingContext2D} context @param {number} x @param {number} y */
  #heart(context, x, y) {
    const size = 5.5 * this.scale;
    context.beginPath();
    context.moveTo(x, y + size);
    context.bezierCurveTo(x - 2 * size, y - size * 0.4, x - size * 0.6, y - 1.5 * size, x, y - size * 0.4);
    context.bezierCurveTo(x + size * 0.6, y - 1.5 * size, x + 2 * size, y - size * 0.4, x, y + size);
    context.lineWidth = 1.4 * this.scale;
    context.strokeStyle = this.style.edge;
    context.stroke();
    context.fillStyle = this.style.party;
    context.fill();
  }

  /** A party household's star; a hub's stands in a ring. @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {boolean} isHub */
  #star(context, x, y, isHub) {
    const radius = 6.5 * this.scale;
    context.lineWidth = 1.4 * this.scale;
    context.strokeStyle = this.style.edge;
    context.fillStyle = this.style.party;
    if (isHub) {
      context.beginPath();
      context.arc(x, y, radius * 1.45, 0, 2 * Math.PI);
      context.fillStyle = "#ffffff";
      context.fill();
      context.lineWidth = 2.2 * this.scale;
      context.strokeStyle = this.style.party;
      context.stroke();
      context.fillStyle = this.style.party;
    }
    context.beginPath();
    for (let corner = 0; corner < 10; corner += 1) {
      const reach = corner % 2 === 0 ? radius : radius * 0.42;
      const angle = (Math.PI / 5) * corner - Math.PI / 2;
      context.lineTo(x + reach * Math.cos(angle), y + reach * Math.sin(angle));
    }
    context.closePath();
    if (!isHub) context.stroke();
    context.fill();
  }
}

/**
 * How households are drawn.
 *
 * @param {HouseholdStyle} style
 * @param {Shown} shown
 * @param {number} scale of the screen
 * @returns {import("./sheet.js").Draw}
 */
export const householdLook = (style, shown, scale) => (stretch) => ({
  paintRules: [
    { dataLayer: "cell", symbolizer: new Cells(style, shown) },
    { dataLayer: "house", symbolizer: new Houses(style, shown, scale / stretch) },
  ],
  labelRules: [],
});
