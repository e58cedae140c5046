/** What is in a drawn area, in numbers. */
import { element } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";

/** @param {import("./calls.js").AreaFound} found @returns {HTMLElement[]} */
export function foundInside(found) {
  const figures = element("dl", "found-figures");
  /** @param {string} name @param {number} value */
  const figure = (name, value) => {
    const box = element("div");
    box.append(element("dt", "", name), element("dd", "", value.toLocaleString()));
    figures.append(box);
  };
  figure(gettext("Households"), found.households);
  figure(gettext("Residents"), found.residents);
  figure(gettext("Workers"), found.people);
  figure(gettext("Open cases"), found.open_cases);
  const lists = element("div", "found-lists");
  lists.append(list(gettext("Residents with needs"), needs(found)), list(gettext("Posts"), posts(found)));
  const where = element("p", "found-where", found.unit.name);
  const cut = element("p", "found-cut", gettext("What you drew outside of your grids doesn't count."));
  return [where, ...(found.is_cut ? [cut] : []), figures, lists];
}

/** @param {import("./calls.js").AreaFound} found */
function needs({ needs: counted }) {
  if (counted === null) return [[gettext("So few households that numbers would tell of whom"), ""]];
  if (counted.length === 0) return [[gettext("None noted"), ""]];
  return counted.map(({ name, people }) => [name, String(people)]);
}

/** @param {import("./calls.js").AreaFound} found */
function posts({ posts: counted }) {
  if (counted.length === 0) return [[gettext("Nobody is responsible there on the ground"), ""]];
  return counted.map(({ name, posts: all, on_duty: n }) => [
    name,
    n > 0 ? fill(gettext("%(all)s, %(n)s on duty"), { all, n }) : String(all),
  ]);
}

/** @param {string} title @param {string[][]} rows */
function list(title, rows) {
  const box = element("section");
  const items = element("ul");
  for (const [name = "", value = ""] of rows) {
    const item = element("li", "", name);
    item.append(element("strong", "", value));
    items.append(item);
  }
  box.append(element("h3", "", title), items);
  return box;
}
