import { element } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";
import { noteBox } from "./notes.js";
import { partRows } from "./parts.js";

/**
 * The inputs for what an action must be told.
 *
 * @typedef {import("./case.js").Need} Need
 * @typedef {import("./case.js").Details} Details
 * @typedef {import("./words.js").Words} Words
 * @typedef {import("./notes.js").Template} Template
 * @typedef {import("../live/messages.js").Command} Command
 *
 * @typedef {object} Choices what the forms of a case offer beside its details; all may be empty
 * @property {readonly { id: number, name: string }[]} units where the case can be moved to
 * @property {readonly { number: string, label: string }[]} masters cases that this one may repeat
 * @property {readonly string[]} items of the lists that are cited
 * @property {readonly Template[]} templates
 * @property {{ user_id: number | null, reasons: readonly string[] } | null} proposal by the routes
 *
 * @typedef {object} Context
 * @property {Details} details
 * @property {Words} words
 * @property {Choices} choices
 * @property {readonly Template[]} templates those that suit the action
 *
 * @typedef {object} Field
 * @property {HTMLElement} root
 * @property {() => Partial<Command>} read what was entered
 */

/** @type {Choices} */
export const NO_CHOICES = { units: [], masters: [], items: [], templates: [], proposal: null };
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
    master: gettext("Number of the case that it repeats"),
    item: gettext("Item of the list"),
    parts: gettext("Parts"),
    matter: gettext("Matter"),
    priority: gettext("Priority"),
    unit: gettext("Grid"),
    step: gettext("Step"),
    score: gettext("Score"),
  };
  return titles[need];
}

/**
 * @param {Need} need
 * @param {Context} context
 * @returns {Field}
 */
export function field(need, context) {
  if (need === "parts") return parts(context);
  if (need === "message" || need === "reason" || need === "result") return note(need, context);
  return MAKERS[need](context);
}

/** @type {Record<Exclude<Need, "parts" | "message" | "reason" | "result">, (context: Context) => Field>} */
const MAKERS = {
  date: () => labelled("date", input("date"), (value) => ({ date: value })),
  assignee,
  master,
  item,
  matter: ({ words, details }) => {
    const others = words.matters.filter(({ code }) => code !== details.card.matter);
    const options = others.map(({ code, name }) => option(name, code));
    return labelled("matter", choice(options), (value) => ({ matter: value }));
  },
  priority: ({ words, details }) => {
    const others = words.priorities.filter(([code]) => code !== details.card.priority);
    return labelled("priority", choice(others.map(([code, name]) => option(name, code))), (value) => ({
      priority: /** @type {Command["priority"]} */ (value),
    }));
  },
  unit: ({ choices, details }) => {
    const others = choices.units.filter(({ id }) => id !== details.card.unit);
    const options = others.map(({ id, name }) => option(name, String(id)));
    return labelled("unit", choice(options), (value) => ({ unit: Number(value) }));
  },
  step: ({ details }) => {
    const open = (details.steps ?? []).filter((step) => step.done_at === null);
    const options = open.map(({ number, title: name }) => option(`${number}. ${name}`, String(number)));
    return labelled("step", choice(options), (value) => ({ step: Number(value) }));
  },
  score: () => {
    const scores = [5, 4, 3, 2, 1].map((score) => option("★".repeat(score), String(score)));
    return labelled("score", choice(scores), (value) => ({ score: Number(value) }));
  },
};

/** @param {Context} context @returns {Field} */
function assignee({ details, words, choices }) {
  const select = people(details, words);
  const made = labelled("assignee", select, (value) => ({ assignee: Number(value) }));
  const { proposal } = choices;
  if (!proposal) return made;
  if (proposal.user_id !== null) select.value = String(proposal.user_id);
  const why = element("ul", "reasons");
  why.setAttribute("aria-label", gettext("Why this proposal"));
  why.append(...proposal.reasons.map((reason) => element("li", "", reason)));
  const root = element("div", "field-group");
  root.append(made.root, why);
  return { ...made, root };
}

/** @param {Context} context @returns {Field} */
function master({ choices }) {
  const control = input("text");
  control.inputMode = "numeric";
  control.pattern = "(\\d{8}-)?\\d{1,12}";
  control.title = gettext("The number of the case, for example 20261121-000042");
  const made = labelled("master", control, (value) => ({ master: Number(value.split("-").at(-1)) }));
  if (choices.masters.length === 0) return made;
  const picks = element("div", "picks");
  picks.setAttribute("role", "group");
  picks.setAttribute("aria-label", gettext("Perhaps the same"));
  for (const { number, label } of choices.masters) {
    const pick = element("button", "pick", `${number} · ${label}`);
    pick.type = "button";
    pick.addEventListener("click", () => {
      control.value = number;
    });
    picks.append(pick);
  }
  const root = element("div", "field-group");
  root.append(made.root, picks);
  return { ...made, root };
}

/** @param {Context} context @returns {Field} */
function item({ choices }) {
  const control = input("text");
  control.maxLength = LONGEST_ITEM;
  const made = labelled("item", control, (value) => ({ item: value }));
  if (choices.items.length === 0) return made;
  const list = element("datalist");
  list.id = "list-items";
  list.append(...choices.items.map((text) => option(text, text)));
  control.setAttribute("list", list.id);
  made.root.append(list);
  return made;
}

/** @param {Need} need @param {Context} context @returns {Field} */
function note(need, { templates }) {
  const { roots, control } = noteBox(templates);
  control.required = true;
  const root = element("div", "field-group");
  const label = element("label", "", title(need));
  const [box, ...rest] = roots;
  label.append(/** @type {HTMLElement} */ (box));
  root.append(label, ...rest);
  return { root, read: () => ({ note: control.value.trim() }) };
}

/** @param {Context} context @returns {Field} */
function parts({ words, details }) {
  const matter = () =>
    choice(
      words.matters.map(({ code, name }) => option(name, code)),
      gettext("Same matter"),
    );
  const { root, read } = partRows(matter, () => people(details, words, gettext("Nobody yet")));
  return { root, read: () => ({ parts: read() }) };
}

/** @param {Details} details @param {Words} words @param {string} [none] what no choice is called */
function people({ candidates }, words, none) {
  const options = candidates.map(({ user_id: id, name, post, unit_name: unit, open_cases: load }) => {
    const where = { name, post: words.post(post), unit, load };
    return option(fill(gettext("%(name)s · %(post)s, %(unit)s · %(load)s open"), where), String(id));
  });
  return choice(options, none);
}

/**
 * @param {Need} need
 * @param {HTMLInputElement | HTMLSelectElement} control
 * @param {(value: string) => Partial<Command>} tell
 * @returns {Field}
 */
function labelled(need, control, tell) {
  const label = element("label", "", title(need));
  control.name = need;
  control.required = true;
  label.append(control);
  return { root: label, read: () => tell(control.value.trim()) };
}

/** @param {"text" | "date"} type */
function input(type) {
  const made = element("input");
  made.type = type;
  return made;
}

/** @param {string} text @param {string} value */
const option = (text, value) => new Option(text, value);

/** @param {HTMLOptionElement[]} options @param {string} [none] */
function choice(options, none = gettext("Choose…")) {
  const select = element("select");
  select.append(option(none, ""), ...options);
  return select;
}
