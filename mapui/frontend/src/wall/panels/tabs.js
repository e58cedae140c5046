/**
 * Panels that share one place: a row of buttons chooses which is seen. A wide wall has room for all of them
 * side by side, and no buttons (panels.css).
 */
export class Tabs {
  /** @param {HTMLElement} root has a `[role=tablist]` of buttons that name their panels by `aria-controls` */
  constructor(root) {
    this.tabs = /** @type {HTMLButtonElement[]} */ ([...root.querySelectorAll("[role=tab]")]);
    for (const [n, tab] of this.tabs.entries()) {
      tab.addEventListener("click", () => this.choose(n));
      tab.addEventListener("keydown", (event) => this.#move(event, n));
    }
    this.choose(0);
  }

  /** @param {number} chosen */
  choose(chosen) {
    this.chosen = chosen;
    for (const [n, tab] of this.tabs.entries()) {
      tab.setAttribute("aria-selected", String(n === chosen));
      tab.tabIndex = n === chosen ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute("aria-controls") ?? "");
      panel?.toggleAttribute("data-behind", n !== chosen);
    }
  }

  /** Show the next one: a wall that nobody touches shows all in turn. */
  next() {
    this.choose(((this.chosen ?? 0) + 1) % this.tabs.length);
  }

  /** @param {KeyboardEvent} event @param {number} n */
  #move(event, n) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (n + step + this.tabs.length) % this.tabs.length;
    this.choose(next);
    this.tabs[next]?.focus();
  }
}
