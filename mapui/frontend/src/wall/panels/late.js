import { shapeIcon } from "../../layers/shapes.js";
import { phaseOf } from "../../layers/states.js";
import { element, setText } from "../../ui/dom.js";
import { fill, gettext, pgettext } from "../../ui/i18n.js";
import { stopwatch } from "../../ui/time.js";

/**
 * What is late, and what falls due next, with its countdown.
 *
 * @typedef {import("./tally.js").Tally} Tally
 * @typedef {import("./tally.js").Due} Due
 * @typedef {import("../../live/messages.js").Card} Card
 * @typedef {{ item: HTMLLIElement, count: HTMLElement, due: Due }} Row
 */

const DAY_S = 86_400;

export class LateList {
  /** @type {Map<string, Row>} by case and version */
  #rows = new Map();

  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} total
   * @param {import("../../cases/words.js").Words} words
   * @param {(id: number) => void} onSelect
   */
  constructor(list, total, words, onSelect) {
    this.list = list;
    this.total = total;
    this.words = words;
    this.onSelect = onSelect;
  }

  /**
   * What is late and what is next share the rows; half of them is kept for each.
   *
   * @param {Tally} found @param {number} now milliseconds @param {number} rows
   */
  show({ overdue, next, late }, now, rows) {
    setText(this.total, late > 0 ? fill(gettext("%(n)s late"), { n: late }) : "");
    const room = Math.max(rows / 2, rows - next.length);
    const first = overdue.slice(0, room);
    const shown = [...first, ...next.slice(0, rows - first.length)];
    this.#rows = new Map(shown.map((one) => this.#row(one)));
    const items = [...this.#rows.values()].map((row) => row.item);
    // Rows that stay aren't touched: who is on one with the keyboard stays there.
    if (
      items.some((item, n) => item !== this.list.children[n]) ||
      items.length !== this.list.children.length
    ) {
      const focused = document.activeElement;
      this.list.replaceChildren(...items);
      if (focused instanceof HTMLElement && this.list.contains(focused)) focused.focus();
    }
    this.tick(now);
  }

  /** Let the countdowns go on. @param {number} now milliseconds */
  tick(now) {
    for (const { item, count, due } of this.#rows.values()) {
      const left = (due.due - now) / 1000;
      setText(count, left >= 0 ? span(left) : `+${span(-left)}`);
      const late = left < 0 ? "late" : "soon";
      if (item.dataset.late !== late) item.dataset.late = late;
    }
  }

  /** @param {{ card: Card, due: Due }} one @returns {[string, Row]} */
  #row({ card, due }) {
    const key = `${card.id} ${card.version}`;
    return [key, this.#rows.get(key) ?? this.#make(card, due)];
  }

  /** @param {Card} card @param {Due} due @returns {Row} */
  #make(card, due) {
    const phase = phaseOf(card.state);
    const item = element("li", "late-row");
    const button = element("button", "late-button");
    button.type = "button";
    const count = element("span", "late-count");
    button.append(
      shapeIcon(phase.shape, phase.colour),
      element("strong", "late-matter", this.words.matter(card.matter).name),
      element("span", "late-unit", this.words.place(card)),
      element("span", "late-clock", clockName(due.key)),
      count,
    );
    button.addEventListener("click", () => this.onSelect(card.id));
    item.append(button);
    return { item, count, due };
  }
}

/** Of days the seconds say nothing. @param {number} seconds */
const span = (seconds) =>
  seconds < DAY_S ? stopwatch(seconds) : fill(gettext("%(d)s d"), { d: Math.floor(seconds / DAY_S) });

/** @param {Due["key"]} key */
function clockName(key) {
  if (key === "feedback") return pgettext("clock", "feedback");
  return key === "handling" ? pgettext("clock", "handling") : pgettext("clock", "resolution");
}
