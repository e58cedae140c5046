import { element, setText } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";

/**
 * Rows with a bar: how much is open, and what part of it is late (hatched, not only red).
 *
 * @typedef {import("./tally.js").Count} Count
 */

export class BarRow {
  #open = element("strong", "bar-open");
  #late = element("span", "bar-late");
  #bar = element("span", "bar");
  #note = element("span", "bar-note");

  /** @param {HTMLElement} body what stands in the row's item: a button, where it leads somewhere @param {string} name @param {Element} [picture] */
  constructor(body, name, picture) {
    this.item = element("li", "bar-row");
    body.classList.add("bar-body");
    body.append(...(picture ? [picture] : []), element("span", "bar-name", name), this.#bar, this.#note);
    body.append(this.#late, this.#open);
    this.item.append(body);
  }

  /** @param {Count} count @param {number} most of all rows @param {string} [note] */
  show({ open, late }, most, note = "") {
    setText(this.#open, String(open));
    setText(this.#late, late > 0 ? fill(gettext("%(n)s late"), { n: late }) : "");
    setText(this.#note, note);
    this.#bar.style.setProperty("--open-share", String(open / Math.max(1, most)));
    this.#bar.style.setProperty("--late-share", String(late / Math.max(1, open)));
  }
}

/** @type {WeakMap<HTMLElement, Map<unknown, BarRow>>} the rows of each list, kept: only their numbers change */
const kept = new WeakMap();

/**
 * Show the largest counts of a list, in falling order.
 *
 * @template Key
 * @param {HTMLElement} list
 * @param {ReadonlyMap<Key, Count>} counts
 * @param {number} rows at most
 * @param {(key: Key) => BarRow} make
 * @param {(key: Key, count: Count) => string} [note]
 */
export function spread(list, counts, rows, make, note = () => "") {
  const ordered = [...counts].sort(([, a], [, b]) => b.open - a.open || b.late - a.late).slice(0, rows);
  const before = kept.get(list) ?? new Map();
  const now = new Map(ordered.map(([key]) => [key, before.get(key) ?? make(key)]));
  kept.set(list, now);
  const most = ordered[0]?.[1].open ?? 0;
  for (const [key, count] of ordered) now.get(key)?.show(count, most, note(key, count));
  const items = [...now.values()].map((row) => row.item);
  if (items.some((item, n) => item !== list.children[n]) || items.length !== list.children.length) {
    const focused = document.activeElement;
    list.replaceChildren(...items);
    if (focused instanceof HTMLElement && list.contains(focused)) focused.focus();
  }
}
