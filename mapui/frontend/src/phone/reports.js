/** The list of my reports that the server has, newest first. */
import { element } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";

const SHOWN = 50;

/**
 * @typedef {import("../live/messages.js").Card} Card
 *
 * @typedef {object} Words how codes are said
 * @property {(code: string) => { name: string }} matter
 * @property {(state: string) => string} state
 * @property {(code: string) => string} priority
 *
 * @typedef {object} Tools
 * @property {Words} words
 * @property {(at: string | number) => string} time
 * @property {(id: number) => void} open a case
 */

/**
 * @param {HTMLElement} list
 * @param {Iterable<Card>} cards
 * @param {Tools} tools
 */
export function showReports(list, cards, tools) {
  const newest = [...cards]
    .sort((a, b) => Date.parse(b.received_at) - Date.parse(a.received_at))
    .slice(0, SHOWN);
  list.replaceChildren(...newest.map((card) => cardRow(card, tools)));
}

/** @param {Card} card @param {Tools} tools */
function cardRow(card, { words, time, open }) {
  const row = element("li", "report");
  const button = element("button", "row-open");
  const head = element("span", "report-head");
  button.type = "button";
  head.append(
    element("strong", "", words.matter(card.matter).name),
    element("span", `state ${card.state}`, words.state(card.state)),
  );
  const where =
    card.outside_m === null
      ? card.unit_name
      : fill(gettext("outside, near %(unit)s"), { unit: card.unit_name });
  const foot = [time(card.received_at), where];
  if (card.priority !== "normal") foot.push(words.priority(card.priority));
  button.append(
    head,
    element("span", "report-foot", foot.join(" · ")),
    element("span", "report-number", card.number),
  );
  const hint = hintOf(card.state);
  if (hint) button.append(element("span", "report-hint", hint));
  button.addEventListener("click", () => open(card.id));
  row.dataset.incident = String(card.id);
  row.append(button);
  return row;
}

/** What the state asks of who reported it. @param {string} state */
function hintOf(state) {
  if (state === "need_info") return gettext("You are asked something: tap to answer.");
  if (state === "resolved") return gettext("Done: tap to say how it was handled.");
  return state === "duplicate" ? gettext("Others had reported it; tap to see the case.") : "";
}
