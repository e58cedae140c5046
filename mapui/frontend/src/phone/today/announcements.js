/**
 * What the office or the centre announces: it stays in sight until its reader says that he has read it, which goes
 * through the outbox like everything else. An order of an emergency is pointed at from every other screen.
 *
 * @typedef {import("../context.js").Context} Context
 * @typedef {import("../outbox.js").Item} Item
 *
 * @typedef {object} Announcement as `GET /api/phone/announcements` gives it
 * @property {number} id
 * @property {string} text
 * @property {string} unit_name
 * @property {string} sent_by
 * @property {string} sent_at
 * @property {string} until
 * @property {boolean} is_order it was sent in an emergency
 * @property {string | null} read_at
 */
import { byId, element, setText } from "../../ui/dom.js";
import { gettext, pgettext } from "../../ui/i18n.js";
import { keepOrSay, newCall } from "../calls.js";

/** By which key they are kept, and where they are read. @type {[key: string, path: string]} */
export const ANNOUNCEMENTS = ["announcements", "phone/announcements"];

export class Announcements {
  root = element("div", "news announcements");
  /** @type {Announcement[]} */
  #list = [];
  /** The order that the phone has shaken for. */
  #shakenFor = 0;
  /** @type {Set<number>} read here, whatever the answer that was read before says */
  #read = new Set();
  #earlier = element("details", "around");
  #past = element("div");

  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    this.root.setAttribute("aria-live", "polite");
    this.#earlier.append(element("summary", "", gettext("Announcements that I have read")), this.#past);
  }

  /** Those that were read, to be looked up again while they count. */
  get earlier() {
    return this.#earlier;
  }

  async look() {
    this.#list = (await this.context.data.fresh(...ANNOUNCEMENTS)).value ?? [];
  }

  /** @param {readonly Item[]} items what is kept to be sent */
  draw(items) {
    const now = this.context.clock.now();
    const waiting = new Set(items.filter(isReading).map(({ body }) => body.announcement));
    const isRead = (/** @type {Announcement} */ { id, read_at: at }) =>
      at !== null || waiting.has(id) || this.#read.has(id);
    const current = this.#list.filter(({ until }) => Date.parse(until) > now);
    const read = current.filter(isRead);
    const unread = current.filter((each) => !isRead(each));
    this.root.replaceChildren(...unread.map((each) => this.#notice(each, true)));
    this.#point(unread.find((each) => each.is_order));
    this.#past.replaceChildren(...read.map((each) => this.#notice(each, false)));
    this.#earlier.hidden = read.length === 0;
  }

  /** @param {Announcement | undefined} order the latest that nobody here has acknowledged */
  #point(order) {
    const pointer = byId("order");
    pointer.hidden = order === undefined;
    setText(byId("order-text"), order?.text ?? "");
    if (!order || order.id <= this.#shakenFor) return;
    this.#shakenFor = order.id;
    // A page that nobody has touched yet may not, and its browser would complain.
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([400, 200, 400]);
  }

  /** @param {Announcement} announcement @param {boolean} isNew */
  #notice({ id, text, unit_name: unit, sent_by: by, sent_at: at, is_order: isOrder }, isNew) {
    const box = element("div", isOrder ? "notice announcement is-order" : "notice announcement");
    box.dataset.announcement = String(id);
    if (isOrder) box.append(element("em", "order-mark", gettext("Emergency order")));
    box.append(
      element("strong", "", text),
      element("span", "", [unit, by, this.context.time.short(at)].join(" · ")),
    );
    if (isNew) {
      const read = element(
        "button",
        "quiet",
        isOrder ? gettext("Received") : pgettext("announcement", "I have read it"),
      );
      read.type = "button";
      read.addEventListener("click", () => this.#acknowledge(id));
      box.append(read);
    }
    return box;
  }

  /** @param {number} id */
  async #acknowledge(id) {
    const body = { announcement: id, at: new Date(this.context.clock.now()).toISOString() };
    this.#read.add(id);
    const reading = newCall("readings", body, gettext("An announcement was read"));
    if (!(await keepOrSay(this.context, reading))) this.#read.delete(id);
  }
}

/** @param {Item} item */
const isReading = ({ path }) => path.startsWith("phone/readings/");
