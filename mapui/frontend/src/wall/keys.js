import { element } from "../ui/dom.js";
import { gettext } from "../ui/i18n.js";

/**
 * The keys of the wall: one table, and a list of it for who asks with `?`.
 *
 * @typedef {object} Key
 * @property {string} key as `KeyboardEvent.key` names it; letters small
 * @property {string} label what it does
 * @property {(event: KeyboardEvent) => void | boolean} does false: it had nothing to do, the key goes on
 */

/** How keys are written on the list, where the event's name for them isn't what is on the keyboard. */
const CAPS = /** @type {Readonly<Record<string, string>>} */ ({
  Backspace: "⌫",
  Enter: "↵",
  Escape: "Esc",
  " ": "␣",
});

export class Keys {
  /** @type {Key[]} the latest first: what was opened last hears of Esc first */
  #keys = [];
  /** @type {HTMLDialogElement | null} */
  #list = null;

  /** @param {Document} page */
  constructor(page) {
    page.addEventListener("keydown", (event) => this.#press(event));
    this.on("?", gettext("Show the keys"), () => this.show());
  }

  /**
   * Let a key do something. Several may have the same: the latest is asked first, and the next one where that
   * answers false.
   *
   * @param {string} key as `KeyboardEvent.key` names it; letters small
   * @param {string} label what it does, for the list
   * @param {Key["does"]} does
   * @returns {() => void} takes it back
   */
  on(key, label, does) {
    const entry = { key, label, does };
    this.#keys.unshift(entry);
    return () => {
      this.#keys = this.#keys.filter((other) => other !== entry);
    };
  }

  /** Show what the keys do. */
  show() {
    this.#list ??= document.body.appendChild(element("dialog", "keys"));
    const rows = this.#keys.toReversed().map(({ key, label }) => {
      const row = element("div");
      const name = element("dt");
      name.append(element("kbd", "", CAPS[key] ?? key.toUpperCase()));
      row.append(name, element("dd", "", label));
      return row;
    });
    const list = element("dl");
    list.append(...rows);
    const close = element("button", "", gettext("Close"));
    close.type = "button";
    close.addEventListener("click", () => this.#list?.close());
    this.#list.replaceChildren(element("h2", "", gettext("Keys")), list, close);
    this.#list.showModal();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || isBusy(event)) return;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    for (const { key, does } of this.#keys) {
      if (key !== name || does(event) === false) continue;
      event.preventDefault();
      return;
    }
  }
}

/** Somebody writes, or something in front of the wall has the keyboard. @param {KeyboardEvent} event */
function isBusy({ target, defaultPrevented }) {
  if (defaultPrevented || document.querySelector("dialog[open]")) return true;
  return (
    target instanceof HTMLElement && target.matches("input:not([type=radio], [type=range]), textarea, select")
  );
}
