import { FORGOTTEN_MS } from "../live/link.js";
import { element, setText } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";
import { duration } from "../ui/time.js";

/**
 * How the link stands, and when something last happened, said at all times: a wall that looks alive and
 * isn't is worse than a dark one.
 *
 * @typedef {import("../live/link.js").Link} Link
 * @typedef {import("../live/link.js").LinkStatus} LinkStatus
 * @typedef {{ clock: (at: number | string) => string }} Time
 */
export class LinkState {
  /** @type {string | null} when the last event happened, by the server */
  lastAt = null;
  /** @type {number | null} when the last figures came, by the clock of this screen */
  countedAt = null;
  #state = element("span");
  #more = element("span", "link-more");

  /** @param {HTMLElement} target @param {Link} link @param {Time} time */
  constructor(target, link, time) {
    this.target = target;
    this.link = link;
    this.time = time;
    target.replaceChildren(this.#state, this.#more);
  }

  /** @param {number | null} position of the feed that the screen has come to */
  show(position) {
    const now = Date.now();
    const status = this.link.status(now);
    this.target.dataset.status = status;
    document.body.dataset.link = status;
    document.body.toggleAttribute("data-forgotten", this.link.isForgotten(now) || this.#isUncounted(now));
    setText(this.#state, this.#sentence(status, now));
    setText(this.#more, [...this.#last(), `#${position ?? "–"}`].map((part) => ` · ${part}`).join(""));
  }

  /** Whether no figures came for so long that they are not the present, whatever the link. @param {number} now */
  #isUncounted(now) {
    return this.countedAt !== null && now - this.countedAt > FORGOTTEN_MS;
  }

  /** @returns {string[]} */
  #last() {
    return this.lastAt ? [fill(gettext("last event %(at)s"), { at: this.time.clock(this.lastAt) })] : [];
  }

  /** @param {LinkStatus} status @param {number} now */
  #sentence(status, now) {
    if (status === "live") return gettext("● Live");
    if (status === "catching") return gettext("◐ Catching up");
    if (status === "reconnecting") return gettext("◐ Reconnecting");
    return fill(gettext("○ Stale since %(since)s (%(span)s)"), {
      since: this.time.clock(this.link.heardAt ?? this.link.startedAt),
      span: duration(this.link.silence(now) / 1000),
    });
  }
}
