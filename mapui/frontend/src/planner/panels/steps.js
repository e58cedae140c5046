/** The steps of a plan on its way, by what the reader may do; each is confirmed with what it needs. */
import { byId, element } from "../../ui/dom.js";
import { gettext } from "../../ui/i18n.js";

/** @typedef {import("../desk.js").Desk} Desk */

/** @returns {[step: string, label: string][]} in the order of the way */
const steps = () => [
  ["submit", gettext("Submit")],
  ["announce", gettext("Announce")],
  ["return", gettext("Return")],
  ["approve", gettext("Approve")],
  ["publish", gettext("Publish")],
  ["withdraw", gettext("Withdraw")],
  ["restore", gettext("Restore what was before")],
  ["sync", gettext("Take the latest boundaries")],
];
/** What leads back is never what is offered first. */
const BACK = new Set(["return", "withdraw", "restore"]);
const LONGEST_NOTE = 2000;

export class StepButtons {
  #dialog = /** @type {HTMLDialogElement} */ (byId("dialog"));

  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.root = byId("steps");
  }

  show() {
    const { may, is_stale: isStale } = this.desk.store.plan;
    const offered = steps().filter(([step]) => (step === "sync" ? may.draw && isStale : may[step]));
    this.root.replaceChildren(
      ...offered.map(([step, label], n) => {
        const button = element("button", n === 0 && !BACK.has(step) ? "primary" : "", label);
        button.type = "button";
        button.dataset.step = step;
        button.addEventListener("click", () => this.#ask(step, label));
        return button;
      }),
    );
  }

  /** @param {string} step @param {string} label */
  #ask(step, label) {
    const form = element("form", "step-form");
    form.method = "dialog";
    const title = element("h2", "", label);
    title.id = "dialog-title";
    const note = element("textarea");
    Object.assign(note, { name: "note", rows: 3, maxLength: LONGEST_NOTE, required: step === "return" });
    form.append(title, ...field(gettext("Note"), note));
    if (step === "announce")
      form.append(...field(gettext("Announced until"), dateInput("announced_until", true)));
    if (step === "publish") form.append(...publishing());
    const refusal = element("p", "error");
    refusal.setAttribute("role", "alert");
    const cancel = element("button", "", gettext("Cancel"));
    cancel.type = "button";
    cancel.addEventListener("click", () => this.#dialog.close());
    const buttons = element("p", "buttons");
    buttons.append(cancel, element("button", "primary", label));
    form.append(refusal, buttons);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#take(step, form, refusal);
    });
    this.#dialog.replaceChildren(form);
    this.#dialog.showModal();
  }

  /** @param {string} step @param {HTMLFormElement} form @param {HTMLElement} refusal */
  async #take(step, form, refusal) {
    const data = new FormData(form);
    /** @type {Record<string, string | boolean>} */
    const content = { step, note: String(data.get("note") ?? "").trim() };
    const until = String(data.get("announced_until") ?? "");
    const from = String(data.get("effective_at") ?? "");
    if (until) content.announced_until = until;
    if (from) content.effective_at = startOfDay(from, this.desk.timeZone);
    if (step === "publish") content.moves_open_cases = data.has("moves_open_cases");
    try {
      const plan = await this.desk.api.send("/steps", content);
      this.#dialog.close();
      // What was published is restored by a plan of its own; the latest boundaries are other zones.
      if (plan.id !== this.desk.store.plan.id) location.assign(`../${plan.id}/`);
      else if (step === "sync") location.reload();
      else await this.desk.store.loadPlan();
    } catch (error) {
      refusal.textContent = /** @type {Error} */ (error).message;
    }
  }
}

/** @returns {HTMLElement[]} from when, and what becomes of open cases */
function publishing() {
  const label = element("label", "check");
  const box = element("input");
  Object.assign(box, { type: "checkbox", name: "moves_open_cases", checked: true });
  label.append(box, gettext("Open cases move to the new grid"));
  return [...field(gettext("In force from (empty: now)"), dateInput("effective_at", false)), label];
}

/** @param {string} date YYYY-MM-DD @param {string} timeZone @returns {string} its first moment there, ISO 8601 */
export function startOfDay(date, timeZone) {
  const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }).formatToParts(
    new Date(`${date}T00:00Z`),
  );
  const offset = parts.find(({ type }) => type === "timeZoneName")?.value.replace("GMT", "") || "Z";
  return `${date}T00:00:00${offset}`;
}

/** @param {string} text @param {HTMLInputElement | HTMLTextAreaElement} control */
function field(text, control) {
  const label = element("label", "", text);
  control.id = `step-${control.name}`;
  label.htmlFor = control.id;
  return [label, control];
}

/** @param {string} name @param {boolean} isRequired */
function dateInput(name, isRequired) {
  const input = element("input");
  Object.assign(input, { type: "date", name, required: isRequired });
  return input;
}
