/**
 * What is known before a report is sent: perhaps others have reported it, perhaps it is not the community's to
 * do. It only tells; nothing here ever keeps a report from being sent, and without a network it is silent.
 */
import { writing } from "../../cases/door.js";
import { element } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";

/**
 * @typedef {object} Asked
 * @property {string} matter
 * @property {string} text
 * @property {number} lon
 * @property {number} lat
 *
 * @typedef {object} Nearby
 * @property {string} number
 * @property {string} state
 * @property {number} metres
 * @property {string} received_at
 * @property {boolean} is_mine
 *
 * @typedef {object} Answer
 * @property {Nearby[]} nearby
 * @property {{ number: string, title: string, reason: string, keyword: string }[]} warnings
 *
 * @typedef {object} Tools
 * @property {import("../../cases/door.js").Door} door
 * @property {(state: string) => string} state
 * @property {(at: string) => string} time
 */

/** Typing goes on: the server is asked when it rests. */
const REST_MS = 600;

export class EntryCheck {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;
  /** @type {AbortController | null} */
  #underWay = null;
  #asked = "";

  /** @param {HTMLElement} box @param {Tools} tools */
  constructor(box, tools) {
    this.box = box;
    this.tools = tools;
  }

  /** Ask about what is in the form now; null: it isn't enough to ask. @param {Asked | null} asked */
  about(asked) {
    const key = JSON.stringify(asked);
    if (key === this.#asked) return;
    this.#asked = key;
    clearTimeout(this.#waiting);
    this.#underWay?.abort();
    if (asked) this.#waiting = setTimeout(() => this.#ask(asked), REST_MS);
    else this.#show({ nearby: [], warnings: [] });
  }

  /** @param {Asked} asked */
  async #ask(asked) {
    this.#underWay = new AbortController();
    try {
      const response = await fetch(`${this.tools.door.api}entry-checks`, {
        ...writing(this.tools.door, "POST", asked),
        signal: this.#underWay.signal,
      });
      if (response.ok) this.#show(await response.json());
    } catch {
      // Cut off, or something newer was asked: the report goes its way without.
    }
  }

  /** @param {Answer} answer */
  #show({ nearby, warnings }) {
    this.box.replaceChildren(
      ...warnings.map((warning) => this.#warning(warning)),
      ...(nearby.length > 0 ? [this.#known(nearby)] : []),
    );
    this.box.hidden = warnings.length + nearby.length === 0;
  }

  /** @param {Answer["warnings"][number]} warning */
  #warning({ number, title, reason }) {
    const box = element("div", "entry-warning");
    box.append(element("strong", "", [number, title].filter(Boolean).join(" ")));
    if (reason) box.append(element("span", "", reason));
    box.append(element("span", "", gettext("You can send it all the same.")));
    return box;
  }

  /** @param {readonly Nearby[]} nearby */
  #known(nearby) {
    const box = element("div", "entry-known");
    const list = element("ul");
    for (const { state, metres, received_at: at, is_mine: isMine } of nearby.slice(0, 3)) {
      const words = { metres: Math.round(metres), state: this.tools.state(state), at: this.tools.time(at) };
      const sentence = isMine
        ? fill(gettext("%(metres)s m away · %(state)s · %(at)s · by you"), words)
        : fill(gettext("%(metres)s m away · %(state)s · %(at)s"), words);
      list.append(element("li", "", sentence));
    }
    box.append(element("strong", "", gettext("Perhaps reported already")), list);
    return box;
  }
}
