import { v7 } from "uuid";
import { element, setText } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";
import { field, NO_CHOICES } from "./fields.js";
import { grouped } from "./groups.js";

/**
 * @typedef {import("../live/messages.js").Command} Command
 * @typedef {import("../live/messages.js").Done} Done
 * @typedef {import("../live/messages.js").ErrorMessage} ErrorMessage
 * @typedef {import("./case.js").Details} Details
 * @typedef {import("./case.js").Offer} Offer
 * @typedef {import("./fields.js").Choices} Choices
 * @typedef {import("./fields.js").Field} Field
 * @typedef {import("./words.js").Words} Words
 *
 * @typedef {object} Giver takes commands, and keeps each until it is answered
 * @property {(command: Command) => Promise<Done | ErrorMessage>} give
 */

/** What can be done with a case, with a form for what the action must be told. */
export class Actions {
  #root = element("section", "actions-box");
  #buttons = element("div", "action-groups");
  #place = element("div");
  #outcome = element("p", "outcome");
  /** @type {Details | null} */
  #details = null;
  /** @type {Choices} */
  #choices = NO_CHOICES;
  /** @type {{ offer: Offer, form: HTMLFormElement } | null} what somebody is filling in */
  #open = null;
  #isMoreOpen = false;

  /**
   * @param {Words} words
   * @param {Giver} commands
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

  /** @returns {boolean} whether somebody is filling in a form */
  get isOpen() {
    return this.#open !== null;
  }

  /**
   * Offer what is possible now. A form that is open for the same case stays as it is: nothing typed is lost.
   *
   * @param {Details} details
   * @param {Choices} [choices] what the forms offer beside the details
   */
  show(details, choices = NO_CHOICES) {
    const isSame = this.#details?.card.id === details.card.id;
    this.#details = details;
    this.#choices = choices;
    if (!isSame) {
      this.#close();
      this.#say("", "");
    }
    const { first, seldom, words, more } = grouped(details.actions);
    this.#buttons.replaceChildren(
      ...this.#proposed(details, choices),
      ...this.#group("actions actions-first", first),
      ...this.#group("actions", seldom),
      ...this.#group("actions actions-words", words),
      ...this.#more(more),
    );
  }

  /** Open the form of an action, if it is offered, with values to begin with. @param {string} action @param {Record<string, string>} [values] */
  begin(action, values = {}) {
    const offer = this.#details?.actions.find((each) => each.action === action);
    if (!offer) return;
    if (this.#open?.offer.action !== action) this.#openForm(offer);
    for (const [name, value] of Object.entries(values)) {
      const control = this.#open?.form.elements.namedItem(name);
      if (control && "value" in control) control.value = value;
    }
    this.#root.scrollIntoView({ block: "nearest" });
  }

  /** To whom the routes would give the case, at one touch, and why. @param {Details} details @param {Choices} choices */
  #proposed({ actions, candidates }, { proposal }) {
    const offer = actions.find(({ action }) => action === "assign");
    const person = candidates.find((each) => each.user_id === proposal?.user_id);
    if (!(offer && proposal && person)) return [];
    const box = element("div", "proposed");
    const button = element(
      "button",
      "primary",
      fill(gettext("Assign to %(name)s as proposed"), { name: person.name }),
    );
    button.type = "button";
    button.dataset.proposed = String(person.user_id);
    button.addEventListener("click", () => this.#give(offer, { assignee: person.user_id }));
    const why = element("ul", "reasons");
    why.setAttribute("aria-label", gettext("Why this proposal"));
    why.append(...proposal.reasons.map((reason) => element("li", "", reason)));
    box.append(button, why);
    return [box];
  }

  /** @param {string} className @param {readonly Offer[]} offers @returns {HTMLElement[]} */
  #group(className, offers) {
    if (offers.length === 0) return [];
    const group = element("div", className);
    group.append(...offers.map((offer) => this.#button(offer)));
    return [group];
  }

  /** What is done seldom stays folded until somebody wants it. @param {readonly Offer[]} offers */
  #more(offers) {
    if (offers.length === 0) return [];
    const box = element("details", "actions-more");
    box.open = this.#isMoreOpen;
    box.addEventListener("toggle", () => {
      this.#isMoreOpen = box.open;
    });
    box.append(element("summary", "", gettext("More")), ...this.#group("actions", offers));
    return [box];
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
      else if (this.#open?.offer.action === offer.action) this.#close();
      else this.#openForm(offer);
    });
    return button;
  }

  /** @param {Offer} offer */
  #openForm(offer) {
    if (!this.#details) return;
    const form = element("form", "action-form");
    const send = element("button", "primary", this.words.action(offer.action));
    const cancel = element("button", "", gettext("Cancel"));
    const buttons = element("div", "action-buttons");
    cancel.type = "button";
    cancel.addEventListener("click", () => this.#close());
    buttons.append(send, cancel);
    const fields = this.#fields(offer, this.#details);
    form.append(...fields.map(({ root }) => root), buttons);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#give(offer, Object.assign({}, ...fields.map(({ read }) => read())));
    });
    this.#open = { offer, form };
    this.#place.replaceChildren(form);
    this.#mark();
    form.querySelector(/** @type {"input"} */ ("select, input, textarea"))?.focus();
  }

  /** @param {Offer} offer @param {Details} details @returns {Field[]} */
  #fields(offer, details) {
    const suits = new Set([details.card.state, offer.target]);
    const templates = this.#choices.templates.filter(({ state }) => suits.has(state));
    const context = { details, words: this.words, choices: this.#choices, templates };
    return offer.needs.map((need) => field(need, context));
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
