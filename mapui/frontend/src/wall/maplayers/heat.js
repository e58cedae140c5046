/** Early signs: where more was reported in the last hours than is usual at this hour of the week. */
import { HEAT } from "../../layers/density.js";
import { HeatLayer, RING } from "../../map/heat.js";
import { fill, gettext, ngettext, pgettext } from "../../ui/i18n.js";

/**
 * @typedef {object} Sign
 * @property {import("../../live/messages.js").UnitRef} unit
 * @property {string} matter a code; empty: all together
 * @property {number} count
 * @property {number} usual
 * @property {number} lon
 * @property {number} lat
 * @property {number} radius_m
 *
 * @typedef {object} Hotspots what /api/wall/hotspots answers
 * @property {number} weeks with how many weeks the last hours were compared; none: there are no signs
 * @property {Sign[]} signs
 * @property {import("../../map/heat.js").Cell[]} cells
 *
 * @typedef {object} Tools
 * @property {(address: string) => Promise<any>} read JSON below /api/wall/
 * @property {() => number | null} pastMoment milliseconds, while the past is shown; null: now
 * @property {import("../../cases/words.js").Words} words
 * @property {import("../focus.js").Focus} focus
 */

const HOURS = [1, 3, 6, 12, 24];
const USUAL_HOURS = 6;
const EVERY_MS = 60_000;
/** More signs than this are told by the map alone. */
const MOST_TOLD = 6;
const KEY = "heat";

export class Heat {
  #isShown = false;
  #hours = USUAL_HOURS;
  #asked = 0;

  /** @param {import("./wallmap.js").WallMap} wallMap @param {Tools} tools */
  constructor({ map, layers, legend, look }, tools) {
    this.legend = legend;
    this.tools = tools;
    this.layer = new HeatLayer(map, { scale: look.scale });
    layers.add({
      key: KEY,
      label: gettext("Early signs: more than usual"),
      group: "cases",
      isOn: false,
      show: () => this.show(true),
      hide: () => this.show(false),
    });
    layers.choose({
      key: "heat-hours",
      label: gettext("Early signs of the last hours"),
      group: "cases",
      options: HOURS.map((hours) => ({
        value: String(hours),
        label: fill(pgettext("early signs", "%(h)s h"), { h: hours }),
      })),
      value: String(USUAL_HOURS),
      onChoose: (value) => {
        this.#hours = Number(value);
        this.refresh();
      },
    });
    tools.focus.onChange(() => this.refresh());
    setInterval(() => this.refresh(), EVERY_MS);
  }

  /** @param {boolean} isShown */
  show(isShown) {
    this.#isShown = isShown;
    this.layer.show(isShown);
    if (isShown) this.refresh();
    else this.legend.hide(KEY);
  }

  /** Ask again: time has gone on, or the wall looks elsewhere or at another time. */
  async refresh() {
    if (!this.#isShown) return;
    this.#asked += 1;
    const asked = this.#asked;
    const query = new URLSearchParams({ hours: String(this.#hours) });
    const { unit } = this.tools.focus;
    if (unit) query.set("unit", String(unit.id));
    const moment = this.tools.pastMoment();
    if (moment !== null) query.set("at", new Date(moment).toISOString());
    /** @type {Hotspots | null | undefined} */
    const found = await this.tools.read(`hotspots?${query}`);
    // Where the server is away, what was read last stays; the wall says that it isn't live.
    if (found && asked === this.#asked && this.#isShown) this.#show(found);
  }

  /** @param {Hotspots} found */
  #show({ weeks, signs, cells }) {
    // A ring around all that is shown would say nothing; the legend tells that there is more everywhere.
    const { unit } = this.tools.focus;
    const parts = signs.filter((sign) => sign.unit.id !== unit?.id);
    const rings = parts.map((sign) => ({
      lon: sign.lon,
      lat: sign.lat,
      radius: sign.radius_m,
      label: this.#label(sign),
      onSelect: () => this.tools.focus.set(sign.unit.id),
    }));
    this.layer.update(cells, rings);
    const told = signs.slice(0, MOST_TOLD).map((sign) => `${sign.unit.name} · ${this.#label(sign)}`);
    const rest = signs.length - told.length;
    if (rest > 0) told.push(fill(gettext("and %(n)s more"), { n: rest }));
    const entries = told.map((label) => ({ colour: RING, label, shape: /** @type {const} */ ("disc") }));
    this.legend.show(KEY, this.#title(weeks), [
      ...(entries.length > 0 ? entries : [{ colour: "transparent", label: nothing(weeks) }]),
      { colour: HEAT[3] ?? "", label: gettext("more than usual") },
    ]);
  }

  /** @param {number} weeks */
  #title(weeks) {
    const hours = ngettext("Early signs, last %(h)s hour", "Early signs, last %(h)s hours", this.#hours);
    const against = ngettext("against %(w)s week", "against %(w)s weeks", weeks);
    return weeks > 0
      ? `${fill(hours, { h: this.#hours })} ${fill(against, { w: weeks })}`
      : fill(hours, { h: this.#hours });
  }

  /** @param {Sign} sign */
  #label({ matter, count, usual }) {
    const name = matter ? this.tools.words.matter(matter).name : gettext("All matters");
    const mean = usual.toFixed(usual < 10 ? 1 : 0);
    return fill(gettext("%(matter)s: %(count)s (usually %(usual)s)"), { matter: name, count, usual: mean });
  }
}

/** @param {number} weeks */
const nothing = (weeks) =>
  weeks > 0 ? gettext("Nothing stands out.") : gettext("Not enough history yet to know what is usual.");
