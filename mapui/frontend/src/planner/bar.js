/** The bar at the top: what plan this is, its level and colours, undo and redo. */
import { byId, element, setText } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";
import { StepButtons } from "./panels/steps.js";

/**
 * @typedef {import("./desk.js").Desk} Desk
 * @typedef {import("./queue.js").QueueState} QueueState
 */

export class Bar {
  #level = /** @type {HTMLSelectElement} */ (byId("level"));
  #colours = /** @type {HTMLSelectElement} */ (byId("colours"));
  #undo = /** @type {HTMLButtonElement} */ (byId("undo"));
  #redo = /** @type {HTMLButtonElement} */ (byId("redo"));
  /** @type {"live" | "polling" | "cut"} */
  #link = "polling";
  /** @type {QueueState} */
  #queue = "";

  /** @param {Desk} desk @param {{ logIn: string }} options */
  constructor(desk, { logIn }) {
    this.desk = desk;
    this.logIn = logIn;
    this.steps = new StepButtons(desk);
    this.#level.addEventListener("change", () => this.#changeLevel());
    this.#colours.addEventListener("change", () => this.#changeColours());
    this.#undo.addEventListener("click", () => this.turn("undo"));
    this.#redo.addEventListener("click", () => this.turn("redo"));
    this.#showLegend();
  }

  show() {
    const { plan, level } = this.desk.store;
    setText(byId("plan-title"), plan.title);
    const status = element("span", "plan-status", plan.status_name);
    status.dataset.status = plan.status;
    const stale = plan.is_stale
      ? [element("span", "plan-stale", gettext("The boundaries have changed meanwhile"))]
      : [];
    byId("plan-scope").replaceChildren(plan.scope.name, " · ", status, ...stale);
    const levels = plan.levels.map(({ code, name }) => new Option(name, code));
    if (levels.length !== this.#level.length) this.#level.replaceChildren(...levels);
    this.#level.value = level;
    this.#undo.disabled = plan.undo === null || !plan.may.draw;
    this.#redo.disabled = plan.redo === null || !plan.may.draw;
    this.steps.show();
    if (!this.desk.store.norm && this.#colours.value === "norm" && level) this.#showLegend();
  }

  /** @param {"undo" | "redo"} way */
  async turn(way) {
    const button = way === "undo" ? this.#undo : this.#redo;
    if (!button.disabled) await this.desk.turn(way);
  }

  async #changeLevel() {
    await this.desk.showLevel(this.#level.value);
    this.#level.value = this.desk.store.level;
  }

  #changeColours() {
    const { view } = this.desk;
    view.mode = this.#colours.value === "parent" ? "parent" : "norm";
    view.restyle();
    this.#showLegend();
  }

  #showLegend() {
    const items = this.desk.view.legend().map(({ colour, text }) => {
      const item = element("li");
      const sample = element("span", "legend-sample");
      sample.style.background = colour;
      if (colour) item.append(sample);
      item.append(text);
      return item;
    });
    const changed = element("li");
    changed.append(element("span", "legend-sample legend-hatch"), gettext("Changed by the plan"));
    byId("legend").replaceChildren(...items, changed);
  }

  /** Who else has the plan open. @param {readonly string[]} people */
  sayWhoIsHere(people) {
    const marks = people.map((name) => {
      const mark = element("li", "", name);
      mark.title = fill(gettext("%(name)s has this plan open too"), { name });
      return mark;
    });
    byId("here").replaceChildren(...marks);
  }

  /** @param {"live" | "polling" | "cut"} status */
  sayLink(status) {
    this.#link = status;
    this.#sayState();
  }

  /** @param {QueueState} state */
  sayQueue(state) {
    this.#queue = state;
    this.#sayState();
  }

  #sayState() {
    const link = byId("link");
    const words = {
      live: gettext("Live"),
      polling: gettext("Asks every few seconds"),
      cut: gettext("The server can't be reached"),
      sending: gettext("Saving…"),
      waiting: gettext("Cut off: your drawing is kept and sent again"),
      log_in: gettext("Log in again in another tab: your drawing is kept"),
    };
    const state = this.#queue || this.#link;
    link.dataset.status = state;
    if (state !== "log_in") {
      setText(link, words[state]);
      return;
    }
    const way = element("a", "", words.log_in);
    Object.assign(way, { href: this.logIn, target: "_blank" });
    link.replaceChildren(way);
  }
}
