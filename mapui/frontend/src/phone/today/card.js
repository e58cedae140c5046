/** A task as a card: what, where, its three clocks, and what can be done with it at one touch. */
import { element } from "../../ui/dom.js";
import { fill, gettext, pgettext } from "../../ui/i18n.js";
import { clockRow } from "./clocks.js";

/**
 * @typedef {import("./deeds.js").ShownTask} ShownTask
 * @typedef {import("./deeds.js").Offer} Offer
 *
 * @typedef {object} Tools
 * @property {import("../../cases/words.js").Words} words
 * @property {{ short: (at: string | number) => string }} time
 * @property {number} now milliseconds, the server's clock
 * @property {(id: number) => void} open
 * @property {(task: ShownTask, offer: Offer, note?: string) => void} act
 * @property {(item: import("../outbox.js").Item) => void} read a refusal was read
 */

/** What a card offers by itself, in this order; the rest is in the case. */
const DIRECT = ["take", "resolve", "send_back"];

/** @param {ShownTask} task @param {Tools} tools */
export function taskCard(task, tools) {
  const { card, text, scheduled_for: day } = task;
  const { words, time, open } = tools;
  const row = element("li", "report task");
  const button = element("button", "row-open");
  const head = element("span", "report-head");
  const mark = card.priority === "normal" ? "" : ` · ${words.priority(card.priority)}`;
  button.type = "button";
  head.append(
    element("strong", "", words.matter(card.matter).name + mark),
    element("span", `state ${card.state}`, words.state(card.state)),
  );
  const when = day ? fill(gettext("Scheduled for %(day)s"), { day }) : "";
  button.append(
    head,
    element("span", "report-foot", [words.place(card), when].filter(Boolean).join(" · ")),
    ...(text ? [element("span", "task-text", text)] : []),
    clockRow(card, tools.now),
    element("span", "report-number", `${card.number} · ${time.short(card.received_at)}`),
  );
  button.addEventListener("click", () => open(card.id));
  row.dataset.incident = String(card.id);
  row.append(button, ...notes(task, tools), ...buttons(task, tools));
  return row;
}

/** @param {ShownTask} task @param {Tools} tools */
function notes({ waiting, refused }, { words, read }) {
  const waits = waiting.map(({ body }) =>
    element(
      "p",
      "task-waits",
      fill(gettext("%(action)s: kept, waiting to be sent"), { action: words.action(body.action) }),
    ),
  );
  return [...waits, ...refused.map((item) => refusal(item, words, read))];
}

/**
 * A deed that the server refused, and why.
 *
 * @param {import("../outbox.js").Item} item
 * @param {Tools["words"]} words
 * @param {Tools["read"]} read
 */
export function refusal(item, words, read) {
  const box = element("div", "notice bad");
  const seen = element("button", "quiet", gettext("Understood"));
  const what = item.body?.action ? words.action(item.body.action) : item.label;
  seen.type = "button";
  seen.addEventListener("click", () => read(item));
  box.dataset.refused = item.id;
  box.append(
    element("strong", "", fill(gettext("Not done: %(action)s"), { action: what })),
    element("span", "", item.refusal),
    seen,
  );
  return box;
}

/** @param {ShownTask} task @param {Tools} tools */
function buttons(task, { words, act }) {
  const offers = DIRECT.map((action) => task.actions.find((offer) => offer.action === action));
  const made = offers.flatMap((offer) => (offer ? [deed(offer, words.action(offer.action))] : []));
  const first = acceptance(task);
  if (first) made.unshift(deed(first, pgettext("task", "Accept"), gettext("Seen: I take care of it.")));
  if (made.length === 0) return [];
  const box = element("div", "task-deeds");
  box.append(...made);
  return [box];

  /** @param {Offer} offer @param {string} name @param {string} [note] */
  function deed(offer, name, note) {
    const button = element("button", offer.action === "send_back" ? "" : "primary", name);
    button.type = "button";
    button.dataset.deed = offer.action;
    button.addEventListener("click", () => act(task, offer, note));
    return button;
  }
}

/** To accept a task is to tell who reported it: the first feedback, while nobody has given it. @param {ShownTask} task */
function acceptance({ card, actions, waiting }) {
  if (card.first_feedback_at !== null || waiting.length > 0 || card.state !== "assigned") return undefined;
  return actions.find(({ action }) => action === "give_feedback");
}
