/** The panels at the right: one is seen; arrow keys go from tab to tab. */
import { byId } from "../../ui/dom.js";

export class Tabs {
  #tabs = /** @type {HTMLElement[]} */ ([...byId("tabs").children]);

  /** @param {(name: string) => void} onOpen */
  constructor(onOpen) {
    this.onOpen = onOpen;
    for (const tab of this.#tabs) tab.addEventListener("click", () => this.open(nameOf(tab)));
    byId("tabs").addEventListener("keydown", ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (!step) return;
      const here = this.#tabs.indexOf(/** @type {HTMLElement} */ (document.activeElement));
      const next = this.#tabs[(here + step + this.#tabs.length) % this.#tabs.length];
      next?.focus();
      next?.click();
    });
  }

  /** @param {string} name such as "figures" */
  open(name) {
    for (const tab of this.#tabs) {
      const isOpen = nameOf(tab) === name;
      tab.setAttribute("aria-selected", String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
      byId(`panel-${nameOf(tab)}`).hidden = !isOpen;
    }
    this.onOpen(name);
  }
}

/** @param {HTMLElement} tab */
const nameOf = (tab) => tab.id.replace("tab-", "");
