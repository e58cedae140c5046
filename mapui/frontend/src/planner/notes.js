/** Short notes over the map: what was done, by whom, what went wrong. */
import { element } from "../ui/dom.js";
import { gettext } from "../ui/i18n.js";

/** @typedef {"good" | "warn" | "bad" | "info"} Tone */

const SHOWN_MS = 6000;
const MOST = 4;

export class Notes {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
  }

  /** What went wrong stays until it is dismissed. @param {string} text @param {Tone} [tone] */
  say(text, tone = "info") {
    const note = element("div", "note");
    note.dataset.tone = tone;
    const close = element("button", "note-close", "×");
    close.type = "button";
    close.setAttribute("aria-label", gettext("Dismiss"));
    close.addEventListener("click", () => note.remove());
    note.append(element("p", "", text), close);
    this.root.append(note);
    while (this.root.children.length > MOST) this.root.firstElementChild?.remove();
    if (tone !== "bad") setTimeout(() => note.remove(), SHOWN_MS);
  }
}
