import { element } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";

/**
 * @typedef {import("../live/messages.js").Part} Part
 */

/** As many as the workflow allows (workflow.MAX_PARTS), and at least what makes a split. */
const MOST = 10;
const LEAST = 2;
const LONGEST_TEXT = 2000;

/**
 * The rows of a case that is split: a text for each part, and perhaps another matter and somebody for it.
 *
 * @param {() => HTMLSelectElement} matterChoice
 * @param {() => HTMLSelectElement} personChoice
 * @returns {{ root: HTMLElement, read: () => Part[] }}
 */
export function partRows(matterChoice, personChoice) {
  const root = element("div", "parts");
  const list = element("ol", "part-rows");
  const more = element("button", "", gettext("One more part"));
  more.type = "button";
  more.addEventListener("click", () => {
    add();
    list.lastElementChild?.querySelector("textarea")?.focus();
  });

  function add() {
    const row = element("li", "part-row");
    const text = element("textarea");
    text.rows = 2;
    text.maxLength = LONGEST_TEXT;
    text.required = true;
    const away = element("button", "part-away", "×");
    away.type = "button";
    away.addEventListener("click", () => {
      row.remove();
      number();
    });
    row.append(
      text,
      named(matterChoice(), gettext("Matter")),
      named(personChoice(), gettext("Assign to")),
      away,
    );
    list.append(row);
    number();
  }

  function number() {
    const rows = [...list.children];
    for (const [index, row] of rows.entries()) {
      const label = fill(gettext("Part %(n)s"), { n: index + 1 });
      row.querySelector("textarea")?.setAttribute("aria-label", label);
      const away = row.querySelector("button");
      away?.setAttribute("aria-label", fill(gettext("Remove part %(n)s"), { n: index + 1 }));
      away?.toggleAttribute("hidden", rows.length <= LEAST);
    }
    more.hidden = rows.length >= MOST;
  }

  for (let n = 0; n < LEAST; n += 1) add();
  root.append(list, more);
  return { root, read: () => [...list.children].map(readPart) };
}

/** @param {HTMLSelectElement} select @param {string} name */
function named(select, name) {
  select.setAttribute("aria-label", name);
  return select;
}

/** @param {Element} row @returns {Part} */
function readPart(row) {
  const [matter, person] = row.querySelectorAll("select");
  return {
    text: row.querySelector("textarea")?.value.trim() ?? "",
    matter: matter?.value || null,
    assignee: Number(person?.value) || null,
  };
}
