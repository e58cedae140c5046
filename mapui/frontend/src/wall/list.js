import { shapeIcon } from "../layers/shapes.js";
import { phaseOf } from "../layers/states.js";
import { element, setText } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";
import { icon } from "../ui/icons.js";
import { lateness } from "../ui/lateness.js";
import { duration } from "../ui/time.js";

/**
 * @typedef {import("../live/messages.js").Card} Card
 * @typedef {import("../cases/words.js").Words} Words
 *
 * @typedef {object} Row
 * @property {HTMLLIElement} item
 * @property {HTMLElement} age
 * @property {HTMLElement} late
 * @property {string} key what the row was drawn from
 * @property {Card} card
 */

/** So many rows at most: more are not read from two metres, and cost layout. */
export const MAX_ROWS = 60;

/** The open incidents, newest first. Rows are kept and moved, not made anew. */
export class IncidentList {
  /** @type {Map<number, Row>} */
  #rows = new Map();
  /** @type {number | null} */
  #selected = null;

  /**
   * @param {HTMLElement} list
   * @param {Words} words
   * @param {{ onSelect: (id: number) => void, numberOf: (id: number) => string }} tools
   */
  constructor(list, words, { onSelect, numberOf }) {
    this.list = list;
    this.words = words;
    this.onSelect = onSelect;
    this.numberOf = numberOf;
  }

  /**
   * @param {readonly Card[]} shown newest first, `MAX_ROWS` at most
   * @param {number} now milliseconds, the server's clock
   */
  show(shown, now) {
    const ids = new Set(shown.map((card) => card.id));
    for (const [id, row] of this.#rows) {
      if (ids.has(id)) continue;
      row.item.remove();
      this.#rows.delete(id);
    }
    shown.forEach((card, i) => {
      const row = this.#row(card);
      if (this.list.children[i] !== row.item) this.list.insertBefore(row.item, this.list.children[i] ?? null);
    });
    this.age(now);
  }

  /** Let the ages go on; nothing else changes. @param {number} now */
  age(now) {
    for (const { age, late, card } of this.#rows.values()) {
      setText(age, duration((now - Date.parse(card.received_at)) / 1000));
      const state = lateness(card, now);
      const isPaused = card.paused_since !== null;
      if (late.dataset.late !== state) late.dataset.late = state;
      late.toggleAttribute("data-paused", isPaused);
      setText(late, this.words.lateness(state, isPaused));
    }
  }

  /** @param {number | null} id */
  select(id) {
    this.#selected = id;
    for (const [key, row] of this.#rows) row.item.toggleAttribute("data-selected", key === id);
  }

  /** @param {Card} card @returns {Row} */
  #row(card) {
    const known = this.#rows.get(card.id);
    const key = `${card.version} ${this.#parent(card)}`;
    if (known?.key === key) return known;
    const row = this.#make(card, key, known?.item ?? element("li", "row"));
    this.#rows.set(card.id, row);
    return row;
  }

  /** @param {Card} card @returns {string} the number of the case that it is a part of; empty if of none */
  #parent(card) {
    return card.parent === null ? "" : this.numberOf(card.parent);
  }

  /** What the row says beyond state and place: how urgent, how far up, of what a part. @param {Card} card */
  #marks(card) {
    const marks = element("span", "row-marks");
    if (card.priority !== "normal") {
      marks.append(element("span", `mark mark-${card.priority}`, this.words.priority(card.priority)));
    }
    if (card.is_by_resident) marks.append(element("span", "mark", gettext("Resident")));
    if (card.escalated_to) {
      marks.append(element("span", "mark mark-up", `↑ ${this.words.level(card.escalated_to)}`));
    }
    const parent = this.#parent(card);
    if (parent)
      marks.append(element("span", "mark", fill(gettext("part of %(number)s"), { number: parent })));
    return marks;
  }

  /** @param {Card} card @param {string} key @param {HTMLLIElement} item @returns {Row} */
  #make(card, key, item) {
    const phase = phaseOf(card.state);
    const matter = this.words.matter(card.matter);
    const picture = element("span", "matter-icon");
    picture.style.setProperty("--matter", matter.colour);
    picture.append(icon(matter.icon));
    const state = element("span", "row-state");
    state.append(shapeIcon(phase.shape, phase.colour), element("span", "", this.words.state(card.state)));
    const age = element("span", "row-age");
    const late = element("span", "row-late");
    const button = element("button", "row-button");
    button.type = "button";
    button.append(
      picture,
      element("strong", "row-matter", matter.name),
      age,
      element("span", "row-unit", this.words.place(card)),
      state,
      late,
      this.#marks(card),
    );
    button.addEventListener("click", () => this.onSelect(card.id));
    const hadFocus = item.contains(document.activeElement);
    item.replaceChildren(button);
    if (hadFocus) button.focus();
    item.dataset.incident = String(card.id);
    item.dataset.version = String(card.version);
    item.dataset.state = card.state;
    item.toggleAttribute("data-selected", card.id === this.#selected);
    return { item, age, late, key, card };
  }
}
