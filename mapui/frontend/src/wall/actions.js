import { v7 } from "uuid";
import { element, setText } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";
import { field } from "./fields.js";

/**
 * @typedef {import("../live/messages.js").Command} Command
 * @typedef {import("../live/commands.js").Commands} Commands
 * @typedef {import("./case.js").Details} Details
 * @typedef {import("./case.js").Offer} Offer
 * @typedef {import("./words.js").Words} Words
 */

/** What can be done with a case, with a form for what the action must be told. */
export class Actions {
  #root = element("section", "actions-box");
  #buttons = element("div", "actions");
  #place = element("div");
  #outcome = element("p", "outcome");
  /** @type {Details | null} */
  #details = null;
  /** @type {{ offer: Offer, form: HTMLFormElement } | null} what somebody is filling in */
  #open = null;

  /**
   * @param {Words} words
   * @param {Commands} commands
   * @param {() => void} onDone the case has changed, or is not what it seemed
   */
  constructor(words, commands, onDone) {
    this.words = words;
    this.commands = commands;
    this.onDone = onDone;
    this.#outcome.setAttribute("role", "status");
    this.#root.append(this.#outcome, this.#buttons, this.#place);
  }

  get root() {
    return this.#root;
  }

  /**
   * Offer what is possible now. A form that is open for the same case stays as it is: nothing typed is lost.
   *
   * @param {Details} details
   */
  show(details) {
    const isSame = this.#details?.card.id === details.card.id;
    this.#details = details;
    if (!isSame) {
      this.#close();
      this.#say("", "");
    }
    this.#buttons.replaceChildren(...details.actions.map((offer) => this.#button(offer)));
  }

  /** @param {Offer} offer */
  #button(offer) {
    const button = element("button", "", this.words.action(offer.action));
    button.type = "button";
    button.dataset.action = offer.action;
    if (offer.needs.length > 0) {
      button.setAttribute("aria-expanded", String(this.#open?.offer.action === offer.action));
    }
    button.addEventListener("click", () => {
      if (offer.needs.length === 0) this.#give(offer, {});
      else this.#openForm(offer);
    });
    return button;
  }

  /** @param {Offer} offer */
  #openForm(offer) {
    if (!this.#details) return;
    if (this.#open?.offer.action === offer.action) return this.#close();
    const form = element("form", "action-form");
    const send = element("button", "primary", this.words.action(offer.action));
    const cancel = element("button", "", gettext("Cancel"));
    const buttons = element("div", "action-buttons");
    cancel.type = "button";
    cancel.addEventListener("click", () => this.#close());
    buttons.append(send, cancel);
    const { candidates } = this.#details;
    form.append(...offer.needs.map((need) => field(need, candidates, this.words)), buttons);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#give(offer, values(form));
    });
    this.#open = { offer, form };
    this.#place.replaceChildren(form);
    this.#mark();
    form.querySelector(/** @type {"input"} */ ("select, input, textarea"))?.focus();
  }

  #close() {
    this.#open = null;
    this.#place.replaceChildren();
    this.#mark();
  }

  #mark() {
    for (const button of this.#buttons.querySelectorAll("[aria-expanded]")) {
      const isOpen = button.getAttribute("data-action") === this.#open?.offer.action;
      button.setAttribute("aria-expanded", String(isOpen));
    }
  }

  /** @param {Offer} offer @param {Partial<Command>} told */
  async #give(offer, told) {
    const card = this.#details?.card;
    if (!card) return;
    this.#enable(false);
    this.#say(
      fill(gettext("%(action)s: sent, waiting for the answer…"), { action: this.words.action(offer.action) }),
      "",
    );
    const answer = await this.commands.give({
      kind: "command",
      id: v7(),
      incident: card.id,
      action: offer.action,
      expected_version: card.version,
      ...told,
    });
    if (this.#details?.card.id !== card.id) return;
    this.#enable(true);
    if (answer.kind === "error") this.#say(answer.message, "bad");
    else {
      this.#close();
      this.#say(fill(gettext("Done: %(state)s"), { state: this.words.state(answer.state) }), "good");
    }
    this.onDone();
  }

  /** @param {boolean} isOn */
  #enable(isOn) {
    for (const control of this.#root.querySelectorAll("button")) control.disabled = !isOn;
  }

  /** @param {string} sentence @param {"" | "good" | "bad"} tone */
  #say(sentence, tone) {
    this.#outcome.dataset.tone = tone;
    setText(this.#outcome, sentence);
  }
}

/** @param {HTMLFormElement} form @returns {Partial<Command>} */
function values(form) {
  /** @type {Record<string, string | number>} */
  const told = {};
  for (const [name, value] of new FormData(form)) {
    const text = String(value).trim();
    told[name] = name === "assignee" || name === "master" ? Number(text) : text;
  }
  return told;
}
