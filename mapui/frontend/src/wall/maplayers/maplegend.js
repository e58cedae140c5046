/** What the colours of the map mean: a small box over its lower right corner. */
import { element } from "../../ui/dom.js";

/**
 * @typedef {object} Entry
 * @property {string} colour
 * @property {string} label
 * @property {"square" | "disc"} [shape]
 */

export class MapLegend {
  /** @type {Map<string, HTMLElement>} */
  #parts = new Map();

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
  }

  /** Show a part of the legend, or show it otherwise. @param {string} key @param {string} title @param {readonly Entry[]} entries */
  show(key, title, entries) {
    const part = element("section", "map-legend-part");
    const list = element("ul");
    for (const { colour, label, shape = "square" } of entries) {
      const item = element("li");
      const swatch = element("i", `swatch swatch-${shape}`);
      swatch.style.setProperty("--swatch", colour);
      item.append(swatch, element("span", "", label));
      list.append(item);
    }
    part.append(element("h3", "", title), list);
    const known = this.#parts.get(key);
    if (known) known.replaceWith(part);
    else this.root.append(part);
    this.#parts.set(key, part);
    this.root.hidden = false;
  }

  /** @param {string} key */
  hide(key) {
    this.#parts.get(key)?.remove();
    this.#parts.delete(key);
    this.root.hidden = this.#parts.size === 0;
  }
}
