import { element } from "../ui/dom.js";

/** So many lines are kept; the newest is first. */
const KEPT = 5;

export class Ticker {
  #isEmpty = true;

  /** @param {HTMLElement} list @param {(id: number) => void} onSelect */
  constructor(list, onSelect) {
    this.list = list;
    this.onSelect = onSelect;
  }

  /**
   * Name what has just happened to an incident.
   *
   * @param {{ id: number, time: string, what: string, where: string, alert?: string }} news `alert` comes first:
   *   why somebody should look at it now
   */
  add({ id, time, what, where, alert = "" }) {
    if (this.#isEmpty) this.list.replaceChildren();
    this.#isEmpty = false;
    const item = element("li", "ticker-item");
    const button = element("button");
    button.type = "button";
    button.append(element("time", "", time));
    if (alert) button.append(element("strong", "ticker-alert", alert));
    button.append(element("strong", "", what), element("span", "", where));
    button.addEventListener("click", () => this.onSelect(id));
    item.append(button);
    this.list.prepend(item);
    while (this.list.children.length > KEPT) this.list.lastElementChild?.remove();
  }
}
