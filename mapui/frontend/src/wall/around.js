/** What stands around a case in the panel: an extension asked for, steps, escalations, related cases, call-back. */
import { reporterName } from "../cases/people.js";
import { phaseOf } from "../layers/states.js";
import { element } from "../ui/dom.js";
import { fill, gettext, language, pgettext } from "../ui/i18n.js";

/**
 * @typedef {import("../cases/case.js").Details} Details
 * @typedef {import("../cases/case.js").Related} Related
 * @typedef {import("../cases/words.js").Words} Words
 *
 * @typedef {object} Tools
 * @property {Words} words
 * @property {{ short: (at: string) => string }} time
 * @property {(id: number) => void} onOpen another case
 * @property {(action: string, values: Record<string, string>) => void} onBegin the form of an action
 */

/** @returns {Record<Related["relation"], string>} */
const relations = () => ({
  parent: pgettext("relation of cases", "Is a part of"),
  child: pgettext("relation of cases", "Part"),
  master: pgettext("relation of cases", "Is merged into"),
  duplicate: pgettext("relation of cases", "Merged into this one"),
  follows: pgettext("relation of cases", "Follows"),
  follower: pgettext("relation of cases", "Is followed by"),
});

/** @returns {Record<string, string>} the clocks by the names of their columns */
const clockNames = () => ({
  first_feedback_at: gettext("First feedback"),
  first_handling_at: gettext("First handling"),
  resolved_at: gettext("Resolution"),
});

/** @param {readonly ({ name: string } | null)[]} people */
const listed = (people) => new Intl.ListFormat(language()).format(people.map(reporterName));

/** @param {Details} details @param {Tools} tools @returns {HTMLElement[]} */
export function around(details, tools) {
  return [
    ...extension(details, tools),
    ...steps(details, tools),
    ...escalations(details, tools),
    ...cases(details, tools),
    ...callBack(details, tools),
  ];
}

/** @param {string} className @param {string} title @param {HTMLElement[]} content */
function section(className, title, content) {
  const box = element("section", className);
  box.append(element("h2", "", title), ...content);
  return box;
}

/** Somebody waits for a yes or a no. @param {Details} details @param {Tools} tools */
function extension({ extension_asked: day, actions, history }, { onBegin }) {
  if (!day) return [];
  const box = element("section", "asked");
  const asked = history.findLast(({ action }) => action === "request_extension");
  box.append(element("strong", "", fill(gettext("More time is asked for, until %(day)s"), { day })));
  if (asked?.note) box.append(element("p", "", asked.note));
  const offered = new Set(actions.map(({ action }) => action));
  const buttons = element("div", "actions");
  const values = { date: day, note: gettext("As asked for") };
  if (offered.has("extend"))
    buttons.append(answer(gettext("Yes, grant it"), () => onBegin("extend", values)));
  if (offered.has("refuse_extension")) {
    buttons.append(answer(gettext("No, refuse it"), () => onBegin("refuse_extension", {})));
  }
  if (buttons.children.length > 0) box.append(buttons);
  return [box];
}

/** @param {string} name @param {() => void} onClick */
function answer(name, onClick) {
  const button = element("button", "", name);
  button.type = "button";
  button.addEventListener("click", onClick);
  return button;
}

/** @param {Details} details @param {Tools} tools */
function steps({ steps: all }, { time }) {
  if (all.length === 0) return [];
  const list = element("ol", "steps");
  for (const { number, title, due_on: due, done_at: done, done_by: by } of all) {
    const item = element("li", done ? "is-done" : "");
    const sentence = done
      ? fill(gettext("done %(at)s"), { at: time.short(done) })
      : due && fill(gettext("due %(at)s"), { at: due });
    const when = [sentence, by?.name].filter(Boolean).join(" · ");
    item.append(element("strong", "", `${done ? "✓" : "○"} ${number}. ${title}`), element("span", "", when));
    list.append(item);
  }
  return [section("around", gettext("Steps of the errand"), [list])];
}

/** @param {Details} details @param {Tools} tools */
function escalations({ escalations: all }, { words, time }) {
  if (all.length === 0) return [];
  const list = element("ol", "escalations");
  const names = clockNames();
  for (const { clock, step, level, unit_name: unit, told, at } of all.toReversed()) {
    const item = element("li");
    const what = fill(gettext("%(clock)s: %(share)s of the time"), {
      clock: names[clock] ?? clock,
      share: `${step}%`,
    });
    const people = listed(told);
    const who = people ? fill(gettext("told: %(names)s"), { names: people }) : gettext("nobody to tell");
    item.append(
      element("time", "", time.short(at)),
      element("strong", "", `↑ ${words.level(level)} · ${unit}`),
      element("span", "", `${what} · ${who}`),
    );
    list.append(item);
  }
  return [section("around", gettext("Escalations"), [list])];
}

/** @param {Details} details @param {Tools} tools */
function cases({ related, co_reporters: others }, { words, onOpen }) {
  if (related.length + others.length === 0) return [];
  const list = element("ul", "related");
  const names = relations();
  for (const other of related) {
    const item = element("li");
    const button = element("button");
    const state = element("span", "", words.state(other.state));
    state.style.color = phaseOf(other.state).colour;
    button.type = "button";
    button.dataset.related = String(other.incident_id);
    button.append(
      element("span", "related-how", names[other.relation]),
      element("strong", "", other.number),
      state,
      element("span", "related-text", other.text || words.matter(other.matter).name),
    );
    button.addEventListener("click", () => onOpen(other.incident_id));
    item.append(button);
    list.append(item);
  }
  /** @type {HTMLElement[]} */
  const content = related.length > 0 ? [list] : [];
  if (others.length > 0) {
    const people = listed(others);
    content.push(element("p", "", fill(gettext("Also reported by %(names)s"), { names: people })));
  }
  return [section("around", gettext("Related cases"), content)];
}

/** @param {Details} details @param {Tools} tools */
function callBack({ ratings, rating_link: link }, { time }) {
  if (ratings.length === 0 && !link) return [];
  const content = ratings.map(({ score, comment, at }) => {
    const line = element("p", "rating");
    const stars = element("strong", "stars", "★".repeat(score) + "☆".repeat(5 - score));
    stars.setAttribute("role", "img");
    stars.setAttribute("aria-label", `${score}/5`);
    line.append(stars, element("span", "", [time.short(at), comment].filter(Boolean).join(" · ")));
    return line;
  });
  return [section("around", gettext("Call-back"), [...content, ...(link ? [code(link)] : [])])];
}

/** The link as a code to scan, when somebody wants it. @param {string} link */
function code(link) {
  const box = element("details", "rating-link");
  const image = element("img");
  image.src = `${link}qr.svg`;
  image.alt = gettext("The link as a code to scan");
  image.loading = "lazy";
  const words = element("a", "", gettext("Open the page of the call-back"));
  words.href = link;
  words.target = "_blank";
  box.append(element("summary", "", gettext("Code for the call-back")), image, words);
  return box;
}
