import { setText } from "../ui/dom.js";
import { fill, ngettext } from "../ui/i18n.js";

/** The bar for many cases at once: it is there while something is ticked, and asks only what is needed. */
export class BulkBar {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.bar = /** @type {HTMLElement} */ (form.querySelector("#bulk-bar"));
    this.action = /** @type {HTMLSelectElement} */ (form.querySelector("#bulk-action"));
    const all = /** @type {HTMLInputElement} */ (form.querySelector("#tick-all"));
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of this.#boxes()) box.checked = all.checked;
      this.#show();
    });
    form.addEventListener("change", () => this.#show());
    // Nothing is done twice because a button was pressed twice.
    form.addEventListener("submit", () => {
      for (const button of this.bar.querySelectorAll("button")) button.disabled = true;
    });
    this.#show();
  }

  #boxes() {
    return [...this.form.querySelectorAll(/** @type {"input"} */ ("input[name=case]"))];
  }

  #show() {
    const ticked = this.#boxes().filter((box) => box.checked).length;
    this.bar.hidden = ticked === 0;
    const text = fill(ngettext("%(n)s case ticked", "%(n)s cases ticked", ticked), { n: ticked });
    setText(/** @type {HTMLElement} */ (this.bar.querySelector("#bulk-count")), text);
    const need = this.action.selectedOptions[0]?.dataset.needs ?? "";
    for (const label of this.bar.querySelectorAll(/** @type {"label"} */ ("[data-need]"))) {
      const isAsked = label.dataset.need === need;
      label.hidden = !isAsked;
      const control = /** @type {HTMLInputElement} */ (label.querySelector("input, select"));
      control.disabled = !isAsked;
      control.required = isAsked;
    }
  }
}
