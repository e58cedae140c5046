/** Who else has the case open that is open here: by their posts, without names. */
import { element, setText } from "../../ui/dom.js";
import { fill, gettext, language } from "../../ui/i18n.js";

/**
 * @typedef {import("../../live/messages.js").Here} Here
 */

export class Presence {
  root = element("p", "presence");
  /** @type {number | null} */
  #incident = null;

  /**
   * @param {(message: import("../../live/messages.js").Watch) => boolean} send
   * @param {(kind: string) => string} nameOf a kind of post
   */
  constructor(send, nameOf) {
    this.send = send;
    this.nameOf = nameOf;
    this.root.setAttribute("role", "status");
    this.root.hidden = true;
  }

  /** This case is open here now, or none. @param {number | null} incident */
  at(incident) {
    if (incident === this.#incident) return;
    this.#incident = incident;
    this.root.hidden = true;
    this.again();
  }

  /** The line is new: say it again. */
  again() {
    this.send({ kind: "watch", incident: this.#incident });
  }

  /** @param {Here} here */
  take({ incident, others }) {
    if (incident !== this.#incident) return;
    const people = others.map(({ post, unit_name: unit }) => `${this.nameOf(post)} · ${unit}`);
    this.root.hidden = people.length === 0;
    const list = new Intl.ListFormat(language()).format(people);
    setText(this.root, fill(gettext("Also at this case: %(people)s"), { people: list }));
  }
}
