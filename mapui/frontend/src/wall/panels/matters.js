import { element, setText } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";
import { icon } from "../../ui/icons.js";
import { BarRow, spread } from "./bars.js";

/**
 * What is open by matter, and what came in by class of matters.
 *
 * @typedef {import("./tally.js").Count} Count
 */

const ROWS = 12;

/**
 * @param {HTMLElement} list
 * @param {ReadonlyMap<string, Count>} counts by code
 * @param {import("../../cases/words.js").Words} words
 */
export function showMatters(list, counts, words) {
  spread(list, counts, ROWS, (code) => {
    const matter = words.matter(code);
    const picture = element("span", "matter-icon");
    picture.style.setProperty("--matter", matter.colour);
    picture.append(icon(matter.icon));
    return new BarRow(element("div"), matter.name, picture);
  });
}

/**
 * One bar for all classes, each with its number.
 *
 * @param {HTMLElement} box
 * @param {readonly { key: string, cases: number }[] | null} classes null: not known yet
 * @param {Record<string, string>} names
 */
export function showClasses(box, classes, names) {
  const title = box.previousElementSibling ?? box;
  if (classes === null) {
    box.replaceChildren();
    setText(title, "");
    return;
  }
  const total = classes.reduce((sum, { cases }) => sum + cases, 0);
  const order = Object.keys(names);
  const ordered = classes.toSorted((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
  const shown = ordered.map(({ key, cases }) => {
    const part = element("li", "class-part");
    part.dataset.class = key;
    part.style.setProperty("--share", String(cases / Math.max(1, total)));
    part.append(element("span", "class-name", names[key] ?? key), element("strong", "", String(cases)));
    return part;
  });
  if (shown.length === 0) {
    shown.push(element("li", "class-none", gettext("Nothing came in during the last 24 hours.")));
  }
  box.replaceChildren(...shown);
  setText(title, fill(gettext("%(n)s in 24 h"), { n: total }));
}
