import { element } from "../ui/dom.js";
import { gettext } from "../ui/i18n.js";

/**
 * @typedef {import("./case.js").HistoryEntry} HistoryEntry
 * @typedef {import("./words.js").Words} Words
 */

/**
 * What was done with a case, the latest first.
 *
 * @param {readonly HistoryEntry[]} history oldest first
 * @param {{ words: Words, time: { short: (at: string) => string } }} tools
 */
export function historyLine(history, { words, time }) {
  const line = element("ol", "history");
  for (const entry of history.toReversed()) {
    const item = element("li");
    item.toggleAttribute("data-internal", entry.is_internal);
    item.dataset.action = entry.action;
    const head = element("p", "history-head");
    head.append(
      element("time", "", time.short(entry.at)),
      element("strong", "", words.action(entry.action)),
      element("span", "history-by", by(entry, words)),
    );
    if (entry.is_internal) head.append(element("span", "history-internal", gettext("internal")));
    item.append(head);
    if (entry.said.length > 0) item.append(element("p", "history-said", entry.said.join(" · ")));
    if (entry.note) item.append(element("p", "history-note", entry.note));
    line.append(item);
  }
  return line;
}

/** @param {HistoryEntry} entry @param {Words} words */
function by({ by: person, by_role: role }, words) {
  const part = words.role(role);
  return person ? `${person.name} · ${part}` : part;
}
