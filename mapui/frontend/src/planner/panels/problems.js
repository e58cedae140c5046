/** Problems of the plan: where each is, what is written to a warning, and the way from one to the next. */
import { byId, element, setText } from "../../ui/dom.js";
import { fill, gettext, ngettext } from "../../ui/i18n.js";
import { count } from "../words.js";

/**
 * @typedef {import("../contract.js").Problem} Problem
 * @typedef {import("../contract.js").Severity} Severity
 * @typedef {import("../desk.js").Desk} Desk
 */

/** @type {Record<Severity, string>} */
const SIGNS = { E: "✕", W: "!", I: "i" };
const LONGEST_REASON = 500;

export class ProblemsPanel {
  /** @type {string} the mark of the problem that is shown */
  #current = "";
  #list = byId("problems");
  #next = /** @type {HTMLButtonElement} */ (byId("next-problem"));

  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.#next.addEventListener("click", () => this.next());
  }

  show() {
    const { problems } = this.desk.store;
    // What somebody types just now is left alone; the next change shows the rest.
    if (this.#list.contains(document.activeElement) && document.activeElement?.matches("input")) return;
    this.#next.disabled = problems.length === 0;
    setText(byId("problems-count"), this.#summary());
    const none = element("li", "note-quiet", this.#whyNone());
    this.#list.replaceChildren(...(problems.length > 0 ? problems.map((p) => this.#row(p)) : [none]));
  }

  #whyNone() {
    const { plan, problemsUnknown } = this.desk.store;
    if (problemsUnknown) return problemsUnknown;
    return plan.may.submit ? gettext("No problem: the plan can be submitted.") : gettext("No problem found.");
  }

  #summary() {
    /** @param {Severity} severity */
    const number = (severity) => this.desk.store.problems.filter((p) => p.severity === severity).length;
    const [errors, warnings] = [number("E"), number("W")];
    const blocks = ngettext("%(count)s error blocks", "%(count)s errors block", errors);
    const warns = ngettext("%(count)s warning", "%(count)s warnings", warnings);
    return [
      ...(errors > 0 ? [fill(blocks, { count: count(errors) })] : []),
      ...(warnings > 0 ? [fill(warns, { count: count(warnings) })] : []),
    ].join(" · ");
  }

  /** @param {Problem} problem */
  #row(problem) {
    const item = element("li", "problem");
    item.dataset.severity = problem.severity;
    item.dataset.mark = problem.mark;
    item.toggleAttribute("data-selected", problem.mark === this.#current);
    const sign = element("span", "problem-sign", SIGNS[problem.severity]);
    sign.setAttribute("aria-label", severityName(problem.severity));
    sign.setAttribute("role", "img");
    const what = element("button", "problem-what", problem.message);
    what.type = "button";
    what.addEventListener("click", () => this.#go(problem));
    const says = element("span", "problem-says");
    says.append(what, ...(problem.households > 0 ? [listOf(problem)] : []));
    item.append(sign, element("code", "", problem.code), says);
    if (problem.severity === "W") item.append(...this.#reason(problem));
    if (problem.code === "E06" && this.desk.mayDraw) item.append(this.#align());
    return item;
  }

  /** @param {Problem} problem */
  #reason({ code, mark, reason }) {
    const input = element("input", "problem-reason");
    input.value = reason;
    input.maxLength = LONGEST_REASON;
    input.disabled = !this.desk.mayDraw;
    input.placeholder = gettext("Reason, needed to submit");
    input.setAttribute("aria-label", gettext("Reason for this warning"));
    input.toggleAttribute("data-kept", reason !== "");
    input.addEventListener("change", () => this.#give([mark], input.value.trim()));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") input.blur();
    });
    const open = this.desk.store.problems.filter(
      (other) => other.code === code && other.severity === "W" && !other.reason,
    );
    if (!reason || open.length === 0 || !this.desk.mayDraw) return [input];
    return [input, this.#likewise(open, reason)];
  }

  /** One reason for all warnings of a kind that have none yet. @param {Problem[]} open @param {string} reason */
  #likewise(open, reason) {
    const label = ngettext("Also for %(count)s like it", "Also for %(count)s like it", open.length);
    const button = element("button", "problem-likewise", fill(label, { count: count(open.length) }));
    button.type = "button";
    button.addEventListener("click", () => {
      const marks = open.map(({ mark }) => mark);
      this.#give(marks, reason);
    });
    return button;
  }

  /** Keep a reason; if it can't be, what was typed stays. @param {string[]} marks @param {string} text */
  async #give(marks, text) {
    const isKept = await this.desk.attempt(() => this.desk.api.send("/reasons", { marks, text }, "PUT"));
    if (!isKept) return;
    const given = new Set(marks);
    for (const problem of this.desk.store.problems) if (given.has(problem.mark)) problem.reason = text;
    this.show();
  }

  #align() {
    const button = element("button", "", gettext("Align borders"));
    button.type = "button";
    button.addEventListener("click", () => this.desk.draw({ kind: "align" }));
    return button;
  }

  /**
   * Say what is in the way now and was not before, where the eye is: a zone left empty, a building cut.
   *
   * @param {readonly Problem[]} before
   */
  tellNew(before) {
    const known = new Set(before.map(({ mark }) => mark));
    const fresh = this.desk.store.problems.filter(
      ({ severity, mark }) => severity === "E" && !known.has(mark),
    );
    const [first, ...more] = fresh;
    if (!first) return;
    const template = ngettext(
      "%(message)s And %(count)s more error.",
      "%(message)s And %(count)s more errors.",
      more.length,
    );
    const { message } = first;
    this.desk.notes.say(
      more.length > 0 ? fill(template, { message, count: count(more.length) }) : message,
      "warn",
    );
  }

  next() {
    const { problems } = this.desk.store;
    const here = problems.findIndex(({ mark }) => mark === this.#current);
    const problem = problems[(here + 1) % problems.length];
    if (problem) this.#go(problem);
  }

  /** Show where a problem is, on the level of its zones. @param {Problem} problem */
  async #go({ mark, zones, level, where }) {
    this.#current = mark;
    const isElsewhere = level !== "" && !zones.some((key) => this.desk.store.zones.has(key));
    if (isElsewhere && !(await this.desk.showLevel(level))) return;
    const known = zones.filter((key) => this.desk.store.zones.has(key));
    if (known[0] !== undefined) this.desk.select(known[0]);
    this.desk.view.zoomTo(known, where);
    for (const item of this.#list.children) {
      const isIt = /** @type {HTMLElement} */ (item).dataset.mark === mark;
      item.toggleAttribute("data-selected", isIt);
      if (isIt) item.scrollIntoView({ block: "nearest" });
    }
  }
}

/** The way to whom it is about. @param {Problem} problem */
function listOf({ mark, households }) {
  const label = ngettext("List of %(count)s household", "List of %(count)s households", households);
  const way = element("a", "problem-list", fill(label, { count: count(households) }));
  way.href = `problems/households/?mark=${encodeURIComponent(mark)}`;
  way.target = "_blank";
  return way;
}

/** @param {Severity} severity */
const severityName = (severity) =>
  ({ E: gettext("Error"), W: gettext("Warning"), I: gettext("For information") })[severity];
