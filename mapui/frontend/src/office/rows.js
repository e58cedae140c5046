/** The list by keyboard: j/k or arrows move, Enter opens, x ticks, / searches, ? shows the keys. */

const TYPED_IN = "input:not([type=checkbox]), select, textarea, [contenteditable]";

export class Rows {
  /** @type {HTMLElement[]} */
  #rows;
  #at = -1;

  /** @param {ParentNode} root @param {{ search: HTMLElement | null, keys: HTMLDialogElement }} parts */
  constructor(root, { search, keys }) {
    this.#rows = [...root.querySelectorAll(/** @type {"tr"} */ (".case-row"))];
    this.search = search;
    this.keys = keys;
    document.addEventListener("keydown", (event) => this.#press(event));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.keys.open) return;
    const target = /** @type {Element} */ (event.target);
    if (target.matches(TYPED_IN)) {
      if (event.key === "Escape") /** @type {HTMLElement} */ (target).blur();
      return;
    }
    const act = this.#deed(event.key, target);
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** @param {string} key @param {Element} target @returns {(() => void) | undefined} */
  #deed(key, target) {
    /** @type {Record<string, () => void>} */
    const deeds = {
      j: () => this.#go(1),
      ArrowDown: () => this.#go(1),
      k: () => this.#go(-1),
      ArrowUp: () => this.#go(-1),
      x: () => this.#tick(),
      "/": () => this.search?.focus(),
      "?": () => this.keys.showModal(),
    };
    // Enter on a link or a button is theirs.
    if (key === "Enter" && !target.closest("a, button, summary, input")) return () => this.#open();
    return deeds[key];
  }

  /** @param {number} step */
  #go(step) {
    if (this.#rows.length === 0) return;
    this.#rows[this.#at]?.classList.remove("is-here");
    this.#at = Math.min(this.#rows.length - 1, Math.max(0, this.#at + step));
    const row = this.#rows[this.#at];
    row?.classList.add("is-here");
    row?.querySelector("a")?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }

  #tick() {
    this.#rows[this.#at]?.querySelector("input")?.click();
  }

  #open() {
    this.#rows[this.#at]?.querySelector("a")?.click();
  }
}
