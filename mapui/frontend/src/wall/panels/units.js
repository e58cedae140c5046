import { element } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";
import { BarRow, spread } from "./bars.js";

/**
 * The units below the one in focus, the fullest first; each leads down to itself.
 *
 * @typedef {import("./tally.js").Count} Count
 * @typedef {import("../focus.js").Focus} Focus
 */

const ROWS = 14;
const NOTHING = { open: 0, late: 0 };

/**
 * @param {HTMLElement} list
 * @param {ReadonlyMap<number, Count>} counts by unit
 * @param {Focus} focus
 */
export function showUnits(list, counts, focus) {
  const children = new Map(focus.children.map((child) => [child.id, child]));
  const all = new Map(focus.children.map(({ id }) => [id, counts.get(id) ?? NOTHING]));
  spread(
    list,
    all,
    ROWS,
    (id) => {
      const button = element("button");
      button.type = "button";
      button.addEventListener("click", () => focus.set(id));
      return new BarRow(button, children.get(id)?.name ?? String(id));
    },
    (id, { open }) => {
      const households = children.get(id)?.households ?? 0;
      return households > 0
        ? fill(gettext("%(n)s per 1,000 homes"), { n: ((1000 * open) / households).toFixed(1) })
        : "";
    },
  );
  if (all.size === 0 && focus.unit)
    list.replaceChildren(element("li", "class-none", gettext("No grid lies below this one.")));
}
