/**
 * The phone's screens, of which one is seen: five tabs, and what lies over them. The address says which, so that
 * the phone's own "back" leads back: #today, #case/42.
 */
import { byId, element } from "../ui/dom.js";

/**
 * @typedef {object} Screen
 * @property {(argument: string) => void} show
 * @property {() => void} [hide]
 */

export class Screens {
  /** @type {string} the name of the screen that is seen */
  #name = "";
  /** @type {Map<string, number>} how far each was scrolled when it was left */
  #scrolled = new Map();

  /** @param {Record<string, Screen>} screens by name; the first is where the phone begins */
  constructor(screens) {
    this.screens = screens;
    addEventListener("hashchange", () => this.#follow());
  }

  get name() {
    return this.#name;
  }

  start() {
    this.#follow();
  }

  /** @param {string} name @param {string | number} [argument] */
  go(name, argument = "") {
    location.hash = argument === "" ? name : `${name}/${argument}`;
  }

  #follow() {
    const [wished = "", argument = ""] = location.hash.slice(1).split("/");
    const name = wished in this.screens ? wished : (Object.keys(this.screens)[0] ?? "");
    if (name !== this.#name) {
      this.#scrolled.set(this.#name, scrollY);
      this.screens[this.#name]?.hide?.();
      for (const each of Object.keys(this.screens)) byId(`screen-${each}`).hidden = each !== name;
      for (const tab of document.querySelectorAll(".phone-tab")) mark(tab, name);
      this.#name = name;
      scrollTo(0, this.#scrolled.get(name) ?? 0);
    }
    this.screens[name]?.show(argument);
  }
}

/** @param {Element} tab @param {string} name */
function mark(tab, name) {
  if (tab.getAttribute("href") === `#${name}`) tab.setAttribute("aria-current", "page");
  else tab.removeAttribute("aria-current");
}

/** Good news is read once; bad news stays until there is other. */
const GOOD_MS = 10_000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let ending;

/** @param {string} sentence @param {"good" | "bad"} tone @param {string} [detail] */
export function notice(sentence, tone, detail) {
  clearTimeout(ending);
  if (tone === "good") ending = setTimeout(() => byId("notices").replaceChildren(), GOOD_MS);
  const box = element("div", `notice ${tone}`);
  box.append(element("strong", "", sentence));
  if (detail) box.append(element("span", "", detail));
  byId("notices").replaceChildren(box);
}
