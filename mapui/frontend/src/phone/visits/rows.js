/** A household in the list: its door, the masked name, when somebody was there last. */
import { element } from "../../ui/dom.js";
import { fill, gettext, ngettext, pgettext } from "../../ui/i18n.js";
import { resultName } from "./results.js";
import { doorOf } from "./round.js";

/** @typedef {import("./round.js").Household} Household */

const DAY_MS = 86_400_000;

/** @param {Household} household @param {readonly import("./round.js").Building[]} buildings */
export function titleOf(household, buildings) {
  const building = buildings.find(({ id }) => id === household.building);
  const place = building?.address || building?.name || household.address;
  return [place, doorOf(household)].filter(Boolean).join(" · ");
}

/** @param {Household} household @param {number} now milliseconds */
export function householdRow(household, now) {
  const row = element("li", `report household${household.is_due ? " is-due" : ""}`);
  const open = element("a", "row-open");
  const head = element("span", "report-head");
  open.href = `#visits/${household.id}`;
  head.append(
    element(
      "strong",
      "",
      [doorOf(household), household.householder].filter(Boolean).join(" · ") || household.address,
    ),
    ...(household.is_due ? [element("span", "state due", pgettext("visit", "Due"))] : []),
  );
  open.append(
    head,
    element("span", "report-foot", [sizeOf(household), lastVisit(household, now)].join(" · ")),
  );
  row.dataset.household = String(household.id);
  row.append(open);
  return row;
}

/** @param {Household} household */
export const sizeOf = ({ size }) => fill(ngettext("%(n)s resident", "%(n)s residents", size), { n: size });

/** @param {Household} household @param {number} now milliseconds */
export function lastVisit({ last_at: at, last_result: result, isWaiting }, now) {
  const waits = isWaiting ? ` · ${gettext("waiting to be sent")}` : "";
  if (!at) return gettext("never visited") + waits;
  const days = Math.floor((now - Date.parse(at)) / DAY_MS);
  const when =
    days <= 0 ? gettext("today") : fill(ngettext("%(n)s day ago", "%(n)s days ago", days), { n: days });
  return `${when}: ${resultName(result)}${waits}`;
}
