/** The list of my reports: what still waits on this phone, then what the server has, newest first. */
import { element } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";

const SHOWN = 50;

/**
 * @typedef {import("../live/messages.js").Card} Card
 * @typedef {import("./outbox.js").Waiting} Waiting
 *
 * @typedef {object} Words how codes are said
 * @property {(code: string) => string} matter
 * @property {(state: string) => string} state
 * @property {(at: string | number) => string} time
 */

/**
 * @param {HTMLElement} list
 * @param {Waiting[]} waiting
 * @param {Iterable<Card>} cards
 * @param {Words} words
 * @param {(waiting: Waiting) => void} edit
 */
export function showReports(list, waiting, cards, words, edit) {
  const newest = [...cards]
    .sort((a, b) => Date.parse(b.received_at) - Date.parse(a.received_at))
    .slice(0, SHOWN);
  list.replaceChildren(
    ...waiting.toReversed().map((one) => waitingRow(one, words, edit)),
    ...newest.map((card) => cardRow(card, words)),
  );
}

/** @param {Card} card @param {Words} words */
function cardRow(card, words) {
  const row = element("li", "report");
  const head = element("div", "report-head");
  head.append(
    element("strong", "", words.matter(card.matter)),
    element("span", `state ${card.state}`, words.state(card.state)),
  );
  const where =
    card.outside_m === null
      ? card.unit_name
      : fill(gettext("outside, near %(unit)s"), { unit: card.unit_name });
  const foot = element("div", "report-foot", `${words.time(card.received_at)} · ${where}`);
  row.append(head, foot, element("div", "report-number", card.number));
  row.dataset.incident = String(card.id);
  return row;
}

/** @param {Waiting} one @param {Words} words @param {(waiting: Waiting) => void} edit */
function waitingRow(one, words, edit) {
  const row = element("li", "report waiting");
  const head = element("div", "report-head");
  const state = one.refusal ? gettext("Needs correction") : gettext("Waiting to be sent");
  head.append(element("strong", "", words.matter(one.report.matter)), element("span", "state", state));
  row.append(head, element("div", "report-foot", one.refusal || words.time(one.saved)));
  if (one.refusal) {
    const button = element("button", "quiet", gettext("Correct it"));
    button.addEventListener("click", () => edit(one));
    row.append(button);
  }
  return row;
}
