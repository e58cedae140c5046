/** Units coloured by their open cases per 1,000 households. */
import { Owners, shares } from "../../layers/shares.js";
import { fill, gettext, pgettext } from "../../ui/i18n.js";
import { coalesced } from "../../ui/painter.js";

/**
 * @typedef {import("../../layers/shares.js").Counted} Counted
 * @typedef {import("../../live/messages.js").Card} Card
 *
 * @typedef {object} Tools
 * @property {import("../../map/units.js").UnitLayer} units
 * @property {import("./maplegend.js").MapLegend} legend
 * @property {(address: string) => Promise<any>} read JSON below /api/wall/; nothing where it can't be read
 * @property {() => readonly string[]} ramp the colours of the classes
 */

/** Filling paints all tiles of the units: not with every case. */
const EVERY_MS = 10_000;
const KEY = "choropleth";

export class Choropleth {
  #isShown = false;
  #level = "";
  /** @type {readonly Pick<Counted, "id" | "households">[]} */
  #units = [];
  #owners = new Owners([]);
  /** @type {ReadonlyMap<number, Card>} */
  #cards = new Map();
  #painted = "";
  #paintSoon = coalesced(() => this.#paint(), EVERY_MS);

  /** @param {Tools} tools */
  constructor(tools) {
    this.tools = tools;
  }

  /** @param {boolean} isShown */
  show(isShown) {
    this.#isShown = isShown;
    if (isShown) this.#read();
    else this.#clear();
  }

  /** @param {string} level */
  setLevel(level) {
    if (level === this.#level) return;
    this.#level = level;
    this.#clear();
    if (this.#isShown) this.#read();
  }

  /** The open cases are these now. @param {ReadonlyMap<number, Card>} cards */
  update(cards) {
    this.#cards = cards;
    if (this.#isShown) this.#paintSoon();
  }

  /** The colours are others, or the boundaries: read and paint anew. */
  renew() {
    this.#painted = "";
    if (this.#isShown) this.#read();
  }

  async #read() {
    const level = this.#level;
    if (!level) return;
    const found = await this.tools.read(`levels/${level}`);
    if (!found || level !== this.#level || !this.#isShown) return;
    this.#owners = new Owners(found.units);
    // Of 50,000 units the spans alone are 100,000 arrays, which the garbage collector would look through for ever.
    this.#units = found.units.map((/** @type {Counted} */ { id, households }) => ({ id, households }));
    this.#paint();
  }

  #clear() {
    this.#units = [];
    this.#painted = "";
    this.tools.units.fillBy(null);
    this.tools.legend.hide(KEY);
  }

  #paint() {
    if (!this.#isShown || this.#units.length === 0) return;
    const { classes, breaks } = shares(this.#units, this.#owners, this.#cards.values());
    const ramp = this.tools.ramp();
    const sign = JSON.stringify([...classes, breaks, ramp]);
    if (sign === this.#painted) return;
    this.#painted = sign;
    this.tools.units.fillBy((unit) => ramp[classes.get(unit) ?? -1] ?? null);
    const labels = [
      fill(pgettext("class of a figure", "under %(to)s"), { to: breaks[0] ?? 0 }),
      ...breaks.slice(1).map((to, n) => `${breaks[n]}–${to}`),
      fill(pgettext("class of a figure", "%(from)s and more"), { from: breaks.at(-1) ?? 0 }),
    ];
    const entries = labels.map((label, n) => ({ colour: ramp[n] ?? "", label }));
    this.tools.legend.show(KEY, gettext("Open cases per 1,000 households"), entries);
  }
}
