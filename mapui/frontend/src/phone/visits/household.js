/**
 * One household: what came of the visit is one tap. A note is written before it, if there is something to say;
 * nothing is measured, and the phone's position is not asked for.
 */
import { element, setText } from "../../ui/dom.js";
import { gettext } from "../../ui/i18n.js";
import { keepOrSay, newCall } from "../calls.js";
import { PinEditor } from "./pin.js";
import { resultName, results } from "./results.js";
import { lastVisit, sizeOf } from "./rows.js";
import { ViewForm } from "./view.js";

/**
 * @typedef {import("./round.js").Household} Household
 * @typedef {{ id: string, at: string, result: string, note: string, visitor: string }} Visit
 */

const LONGEST_NOTE = 500;

export class HouseholdSheet {
  #root = element("article", "sheet household-sheet");
  #title = element("h2");
  #facts = element("p", "report-foot");
  #reveal = element("a", "quiet", gettext("Name and telephone number"));
  #note = element("textarea");
  #form = element("div", "visit-form");
  #saved = element("div", "visit-saved");
  #history = element("ol", "history");
  /** @type {Household | null} */
  #household = null;
  #place = "";

  /** @param {import("../context.js").Context} context */
  constructor(context) {
    this.context = context;
    this.pin = new PinEditor(context);
    this.view = new ViewForm(context);
    const back = element("a", "quiet back", `‹ ${gettext("All households")}`);
    back.href = "#visits";
    this.#saved.setAttribute("role", "status");
    this.#root.append(
      back,
      this.#title,
      this.#facts,
      this.#reveal,
      this.#saved,
      this.#makeForm(),
      this.view.root,
      this.pin.root,
      element("h3", "", gettext("Former visits")),
      this.#history,
    );
  }

  get root() {
    return this.#root;
  }

  /** @param {Household} household @param {string} title @param {import("./round.js").Building | null} building */
  async show(household, title, building) {
    const isNew = household.id !== this.#household?.id;
    this.#household = household;
    this.#place = title;
    const { clock } = this.context;
    setText(this.#title, [title, household.householder].filter(Boolean).join(" · "));
    setText(this.#facts, [sizeOf(household), lastVisit(household, clock.now())].join(" · "));
    // A page of the server's: what it shows in clear, for a reason, is kept on no telephone.
    this.#reveal.href = `/office/households/${household.id}/reveal/`;
    this.pin.show(household);
    if (!isNew) return;
    this.#note.value = "";
    this.view.show(household, building);
    this.#saved.replaceChildren();
    this.#form.hidden = false;
    this.#history.replaceChildren();
    await this.#readHistory(household.id);
  }

  close() {
    this.#household = null;
    this.pin.close();
  }

  #makeForm() {
    const label = element("label", "", gettext("Note (optional)"));
    const buttons = element("div", "visit-results");
    this.#note.rows = 1;
    this.#note.maxLength = LONGEST_NOTE;
    label.append(this.#note);
    for (const [code, name] of Object.entries(results())) {
      const button = element("button", code === "met" ? "primary" : "", name);
      button.type = "button";
      button.dataset.result = code;
      button.addEventListener("click", () => this.#record(code));
      buttons.append(button);
    }
    this.#form.append(label, buttons);
    return this.#form;
  }

  /** @param {string} result */
  async #record(result) {
    const household = this.#household;
    if (!household) return;
    const at = new Date(this.context.clock.now()).toISOString();
    const body = { household: household.id, at, result, note: this.#note.value.trim() };
    const visit = newCall("visits", body, `${gettext("Visit")} · ${this.#place}`);
    if (!(await keepOrSay(this.context, visit))) return;
    this.#form.hidden = true;
    this.#showSaved(household, visit.id, result);
  }

  /** @param {Household} household @param {string} visit @param {string} result */
  #showSaved(household, visit, result) {
    const text = this.#note.value.trim();
    const report = element(
      "button",
      result === "to_do" ? "primary" : "",
      gettext("Report what is to be done"),
    );
    const next = element("a", "button", gettext("Back to the list"));
    report.type = "button";
    next.href = "#visits";
    report.addEventListener("click", () => {
      const { lon, lat } = household;
      const where = lon === null || lat === null ? {} : { lon, lat };
      this.context.report({ text, follows: { visit, household: household.id }, ...where });
    });
    const said = element("p", "notice good");
    said.append(element("strong", "", `${gettext("Saved")}: ${resultName(result)}`));
    this.#saved.replaceChildren(said, report, next);
  }

  /** @param {number} id */
  async #readHistory(id) {
    try {
      const { value } = await this.context.data.fresh(`visits-${id}`, `phone/households/${id}/visits`);
      if (this.#household?.id === id) this.#showHistory(value ?? []);
    } catch {
      // None of his any more, or the log-in has ended: what he may know is in the list.
    }
  }

  /** @param {readonly Visit[]} visits */
  #showHistory(visits) {
    const { time } = this.context;
    const rows = visits.map(({ at, result, note, visitor }) => {
      const row = element("li");
      const head = element("div", "history-head");
      head.append(
        element("strong", "", resultName(result)),
        element("time", "", time.short(at)),
        element("span", "history-by", visitor),
      );
      row.append(head, ...(note ? [element("p", "history-note", note)] : []));
      return row;
    });
    this.#history.replaceChildren(
      ...(rows.length > 0 ? rows : [element("li", "", gettext("None is known."))]),
    );
  }
}
