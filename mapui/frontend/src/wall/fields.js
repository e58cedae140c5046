import { element } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";

/**
 * The inputs for what an action must be told.
 *
 * @typedef {import("./case.js").Need} Need
 * @typedef {import("./case.js").Candidate} Candidate
 * @typedef {import("./words.js").Words} Words
 */

const LONGEST_NOTE = 2000;
const LONGEST_ITEM = 100;

/** @param {Need} need @returns {string} */
function title(need) {
  /** @type {Record<Need, string>} */
  const titles = {
    message: gettext("Message"),
    reason: gettext("Reason"),
    result: gettext("Result"),
    date: gettext("Date"),
    assignee: gettext("Assign to"),
    master: gettext("Incident that it repeats (the number after the dash)"),
    item: gettext("Item of the list"),
  };
  return titles[need];
}

/**
 * @param {Need} need
 * @param {readonly Candidate[]} candidates
 * @param {Words} words
 * @returns {HTMLLabelElement}
 */
export function field(need, candidates, words) {
  const label = element("label", "", title(need));
  const control = controlFor(need, candidates, words);
  control.required = true;
  label.append(control);
  return label;
}

/** @param {Need} need @param {readonly Candidate[]} candidates @param {Words} words */
function controlFor(need, candidates, words) {
  if (need === "assignee") return choice(candidates, words);
  if (need === "date") return input("date", "date");
  if (need === "master") return number();
  if (need === "item") {
    const item = input("item", "text");
    item.maxLength = LONGEST_ITEM;
    return item;
  }
  const note = element("textarea");
  note.name = "note";
  note.rows = 3;
  note.maxLength = LONGEST_NOTE;
  return note;
}

/** @param {string} name @param {string} type */
function input(name, type) {
  const made = element("input");
  made.name = name;
  made.type = type;
  return made;
}

function number() {
  const made = input("master", "number");
  made.min = "1";
  made.step = "1";
  return made;
}

/** @param {readonly Candidate[]} candidates @param {Words} words */
function choice(candidates, words) {
  const select = element("select");
  select.name = "assignee";
  select.append(new Option(gettext("Choose…"), ""));
  for (const { user_id: id, name, post, unit_name: unit, open_cases: load } of candidates) {
    const where = { name, post: words.post(post), unit, load };
    const label = fill(gettext("%(name)s · %(post)s, %(unit)s · %(load)s open"), where);
    select.append(new Option(label, String(id)));
  }
  return select;
}
