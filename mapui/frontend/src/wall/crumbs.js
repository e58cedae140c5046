import { element } from "../ui/dom.js";
import { gettext } from "../ui/i18n.js";

/**
 * The way from the top down to where the wall looks; each step leads back to it.
 *
 * @param {HTMLElement} nav
 * @param {import("./focus.js").Focus} focus
 */
export function showCrumbs(nav, focus) {
  const hadFocus = nav.contains(document.activeElement);
  const crumbs = focus.trail.map(({ id, name }) => crumb(name, () => focus.set(id)));
  // Whoever has several units at the top begins at all of them.
  if (focus.hasSeveral) {
    crumbs.unshift(crumb(gettext("All my units"), () => focus.set(null)));
  }
  const last = crumbs.at(-1);
  last?.setAttribute("aria-current", "true");
  nav.replaceChildren(...crumbs);
  if (hadFocus) last?.focus();
}

/** @param {string} name @param {() => void} onGo */
function crumb(name, onGo) {
  const button = element("button", "crumb", name);
  button.type = "button";
  button.addEventListener("click", onGo);
  return button;
}
