import { byId, setText } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";
import { coalesced } from "../../ui/painter.js";
import { showCounters } from "./counters.js";
import { LateList } from "./late.js";
import { showClasses, showMatters } from "./matters.js";
import { PanelSource } from "./source.js";
import { Tabs } from "./tabs.js";
import { tally } from "./tally.js";
import { showTimes } from "./times.js";
import { Trend } from "./trend.js";
import { showUnits } from "./units.js";

/**
 * All that stands beside the map about the unit in focus: what is open is counted from the live cards, so that
 * it never differs from list and map; what is over is counted by the server.
 *
 * @typedef {import("./tally.js").Tally} Tally
 *
 * @typedef {object} Tools
 * @property {import("../focus.js").Focus} focus
 * @property {import("../view.js").View} view
 * @property {import("../../cases/words.js").Words} words
 * @property {Record<string, string>} classes what the classes of matters are called
 * @property {(address: string) => Promise<any>} get reads JSON, as `readJson` does
 * @property {string} api /api/wall/
 * @property {(at: string) => string} clock hh:mm:ss in the district's zone
 * @property {(id: number) => void} onSelect
 */

/** How much of what is late there is room for: a band of screens has more (wide.css). */
const LATE_ROWS = 6;
const WIDE_LATE_ROWS = 20;
/** Rounds a mean to what can be told of it. */
const MEAN_DIGITS = 1;

export class Panels {
  /** @type {Tally | null} */
  #tally = null;
  #soon = coalesced(() => this.#add(), 1000);

  /** @param {Tools} tools */
  constructor(tools) {
    this.tools = tools;
    this.late = new LateList(byId("late-list"), byId("late-count"), tools.words, tools.onSelect);
    this.trend = new Trend();
    this.source = new PanelSource(`${tools.api}panels`, tools.focus, tools.get, () => this.#showCounted());
    this.tabs = [new Tabs(byId("panel-trend")), new Tabs(byId("panel-split"))];
    this.wide = matchMedia("(min-aspect-ratio: 28/9)");
    tools.focus.onChange(() => this.#add());
    tools.view.onSwitch(() => this.#add());
  }

  /** What is open has changed, or may have: add it up, once a second at most, since 20,000 cases take a while. */
  refresh() {
    this.#soon();
  }

  #add() {
    const { focus, view, words } = this.tools;
    if (!view.isKnown) return;
    const rows = this.wide.matches ? WIDE_LATE_ROWS : LATE_ROWS;
    const found = tally(view.board.entries, focus, view.now(), rows);
    this.#tally = found;
    this.#showCounters();
    this.late.show(found, view.now(), rows);
    showMatters(byId("matters"), found.matters, words);
    showUnits(byId("units"), found.children, focus);
  }

  /** Something happened: what the server counts may have changed. */
  happened() {
    this.source.happened();
  }

  /** Show the next of what shares a place. */
  turn() {
    for (const tabs of this.tabs) tabs.next();
  }

  /** @param {number} now milliseconds, the server's clock */
  tick(now) {
    this.late.tick(now);
    this.source.tick();
  }

  #showCounters() {
    const { focus, view } = this.tools;
    const { counted } = this.source;
    // Where everything is seen, the socket's count is the newest.
    const figures = focus.isTop ? view.figures : counted?.figures;
    const today = figures?.today ?? null;
    showCounters(this.#tally, today, counted);
  }

  #showCounted() {
    const { counted } = this.source;
    this.#showCounters();
    showTimes(counted);
    showClasses(byId("classes"), counted?.classes ?? null, this.tools.classes);
    if (counted) this.trend.show(counted, Number(this.tools.clock(counted.at).slice(0, 2)));
    this.#showPeople();
  }

  #showPeople() {
    const { counted } = this.source;
    const mean = counted?.satisfaction.mean ?? null;
    setText(byId("on-duty"), counted ? String(counted.duty.on_duty) : "–");
    setText(
      byId("on-duty-note"),
      counted
        ? fill(gettext("of %(all)s people, %(n)s posts vacant"), {
            all: counted.duty.holders,
            n: counted.duty.vacant,
          })
        : "",
    );
    setText(byId("satisfaction"), mean === null ? "–" : `★ ${mean.toFixed(MEAN_DIGITS)}`);
    setText(
      byId("satisfaction-note"),
      counted ? fill(gettext("%(n)s ratings"), { n: counted.satisfaction.ratings }) : "",
    );
  }
}
