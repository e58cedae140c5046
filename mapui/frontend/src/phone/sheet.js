/** One case on the phone: what became of my report, or what I have to do, with all that I may do about it. */

import { Actions } from "../cases/actions.js";
import { NO_CHOICES } from "../cases/fields.js";
import { Gallery } from "../cases/gallery.js";
import { historyLine } from "../cases/history.js";
import { reporterName } from "../cases/people.js";
import { FilesBox } from "../office/files.js";
import { element } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";
import { RefusedError } from "./data.js";

/**
 * @typedef {import("../cases/case.js").Details} Details
 * @typedef {import("../cases/words.js").Words} Words
 *
 * @typedef {object} Tools
 * @property {string} api the address of the interface
 * @property {() => string} token against forged requests
 * @property {(id: number) => Promise<import("./data.js").Fresh>} read a case; without a network as it was kept
 * @property {Words} words
 * @property {{ short: (at: string | number) => string }} time
 * @property {import("../cases/actions.js").Giver} commands
 * @property {() => void} onDone something was done with the case
 */

const asItWas = () => gettext("The details can't be read at the moment; they are shown as they were.");

export class CaseSheet {
  /** @type {number | null} */
  #id = null;
  #info = element("div", "sheet-info");
  #problem = element("p", "error");
  #gallery = new Gallery();
  #history = element("section", "sheet-history");

  /** @param {HTMLElement} root @param {Tools} tools */
  constructor(root, tools) {
    this.tools = tools;
    const done = () => {
      tools.onDone();
      this.refresh();
    };
    this.actions = new Actions(tools.words, tools.commands, done);
    this.files = new FilesBox(tools, done);
    this.#problem.setAttribute("role", "alert");
    root.append(
      this.#problem,
      this.#info,
      this.#gallery.root,
      this.actions.root,
      this.files.root,
      this.#history,
    );
  }

  /** @returns {number | null} the case that is open */
  get id() {
    return this.#id;
  }

  /** @param {number} id */
  async open(id) {
    this.#id = id;
    this.#info.replaceChildren(element("p", "", gettext("Reading the details…")));
    this.#history.replaceChildren();
    this.#gallery.show([]);
    for (const part of [this.actions.root, this.files.root]) part.hidden = true;
    await this.refresh();
  }

  close() {
    this.#id = null;
  }

  /** Read the case anew. */
  async refresh() {
    const id = this.#id;
    if (id === null) return;
    try {
      const { value, isOld } = await this.tools.read(id);
      if (this.#id !== id) return;
      if (value) this.#show(value);
      if (isOld) this.#complain(id, asItWas());
    } catch (error) {
      this.#complain(id, error instanceof RefusedError ? error.message : asItWas());
    }
  }

  /** @param {number} id @param {string} sentence */
  #complain(id, sentence) {
    if (this.#id === id) this.#problem.textContent = sentence;
  }

  /** @param {Details} details */
  #show(details) {
    const { words, time } = this.tools;
    const { card } = details;
    const head = element("div", "report-head");
    head.append(
      element("h2", "", words.matter(card.matter).name),
      element("span", `state ${card.state}`, words.state(card.state)),
    );
    this.#problem.textContent = "";
    this.#info.replaceChildren(head, ...this.#facts(details));
    this.#gallery.show(details.attachments);
    for (const part of [this.actions.root, this.files.root]) part.hidden = false;
    this.actions.show(details, details.choices ?? NO_CHOICES);
    this.files.show(details);
    const line = historyLine(details.history, { words, time });
    this.#history.replaceChildren(element("h3", "", gettext("History")), line);
  }

  /** @param {Details} details @returns {HTMLElement[]} */
  #facts({ card, text, related, scheduled_for: day, steps, ratings, household }) {
    const { words, time } = this.tools;
    /** @type {HTMLElement[]} */
    const facts = [
      element("p", "report-foot", `${card.number} · ${time.short(card.received_at)} · ${words.place(card)}`),
    ];
    if (card.is_by_resident) facts.push(element("p", "sheet-mark", reporterName(null)));
    if (text) facts.push(element("p", "sheet-text", text));
    if (card.priority !== "normal") facts.push(element("p", "sheet-mark", words.priority(card.priority)));
    if (day) facts.push(element("p", "", fill(gettext("Scheduled for %(day)s"), { day })));
    if (household) {
      facts.push(element("p", "", `${household.householder} · ${household.phone} · ${household.address}`));
    }
    for (const other of related.filter(({ relation }) => relation === "master" || relation === "parent")) {
      const { number } = other;
      const sentence =
        other.relation === "master"
          ? gettext("Others had reported it: it is followed up as %(number)s.")
          : gettext("It is a part of %(number)s.");
      facts.push(element("p", "sheet-note", fill(sentence, { number })));
    }
    for (const { score } of ratings) {
      facts.push(element("p", "stars", "★".repeat(score) + "☆".repeat(5 - score)));
    }
    if (steps.length > 0) facts.push(this.#steps(steps));
    return facts;
  }

  /** @param {Details["steps"]} steps */
  #steps(steps) {
    const list = element("ol", "steps");
    for (const { title, due_on: due, done_at: done } of steps) {
      const item = element("li", done ? "is-done" : "");
      const when = done
        ? fill(gettext("done %(at)s"), { at: this.tools.time.short(done) })
        : due && fill(gettext("due %(at)s"), { at: due });
      item.append(element("span", "", title), element("span", "report-foot", when ? ` · ${when}` : ""));
      list.append(item);
    }
    return list;
  }
}
