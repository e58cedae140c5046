/**
 * What residents say at a door (社情民意), in a few words and of nobody: its place is the building, not the door.
 */
import { element } from "../../ui/dom.js";
import { gettext, pgettext } from "../../ui/i18n.js";
import { keepOrSay, newCall } from "../calls.js";

/**
 * @typedef {import("./round.js").Household} Household
 * @typedef {import("./round.js").Building} Building
 */

const LONGEST = 500;

/** @returns {Record<string, string>} as `households.models.Topic` */
const topics = () => ({
  environment: pgettext("topic", "Environment and cleanliness"),
  safety: pgettext("topic", "Safety"),
  traffic: pgettext("topic", "Traffic and parking"),
  property: pgettext("topic", "Property management"),
  facilities: pgettext("topic", "Public facilities"),
  care: pgettext("topic", "Care and help"),
  neighbours: pgettext("topic", "Neighbours"),
  proposal: pgettext("topic", "Proposal"),
  other: pgettext("topic", "Something else"),
});

export class ViewForm {
  #root = element("details", "view-form");
  #topic = element("select");
  #text = element("textarea");
  /** @type {{ lon: number, lat: number } | null} */
  #place = null;

  /** @param {import("../context.js").Context} context */
  constructor(context) {
    this.context = context;
    const topic = element("label", "", gettext("Topic"));
    const text = element("label", "", gettext("What was said, without names"));
    const save = element("button", "", gettext("Keep this view"));
    this.#topic.append(...Object.entries(topics()).map(([code, name]) => new Option(name, code)));
    this.#text.rows = 2;
    this.#text.maxLength = LONGEST;
    save.type = "button";
    save.addEventListener("click", () => this.#keep());
    topic.append(this.#topic);
    text.append(this.#text);
    this.#root.append(element("summary", "", gettext("A resident's view")), topic, text, save);
  }

  get root() {
    return this.#root;
  }

  /** @param {Household} household @param {Building | null} building */
  show(household, building) {
    const { lon, lat } = building ?? household;
    this.#place = lon === null || lat === null ? null : { lon, lat };
    // Where nobody knows a place there is none to note.
    this.#root.hidden = this.#place === null;
    this.#root.open = false;
    this.#text.value = "";
  }

  async #keep() {
    const text = this.#text.value.trim();
    if (!text) {
      this.#text.focus();
      return;
    }
    const at = new Date(this.context.clock.now()).toISOString();
    const body = { topic: this.#topic.value, text, at, ...this.#place };
    if (!(await keepOrSay(this.context, newCall("views", body, gettext("A resident's view"))))) return;
    this.context.notice(gettext("Kept on this phone; it is sent by itself."), "good");
    this.#text.value = "";
    this.#root.open = false;
  }
}
