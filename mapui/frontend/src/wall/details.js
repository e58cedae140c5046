import { Actions } from "../cases/actions.js";
import { NO_CHOICES } from "../cases/fields.js";
import { Gallery } from "../cases/gallery.js";
import { historyLine } from "../cases/history.js";
import { reporterName } from "../cases/people.js";
import { shapeIcon } from "../layers/shapes.js";
import { phaseOf } from "../layers/states.js";
import { FilesBox } from "../office/files.js";
import { element } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";
import { icon } from "../ui/icons.js";
import { around } from "./around.js";
import { Clocks } from "./clocks.js";

/**
 * @typedef {import("../live/messages.js").Card} Card
 * @typedef {import("../cases/case.js").Details} CaseDetails
 * @typedef {import("../cases/words.js").Words} Words
 * @typedef {ReturnType<typeof import("../ui/time.js").zonedTime>} Time
 *
 * @typedef {object} Tools
 * @property {Words} words
 * @property {Time} time
 * @property {() => number} now milliseconds, the server's clock
 * @property {import("../live/commands.js").Commands} commands
 * @property {string} api the address of the interface
 * @property {() => string} token against forged requests
 * @property {(id: number) => void} onOpen another case is to be shown
 * @property {() => void} onClose
 * @property {(details: CaseDetails) => void} onShow the details of the case were read
 */

/** The card of one incident: where, what, since when, who, and what can be done. */
export class Details {
  /** @type {number | null} */
  #id = null;
  /** @type {CaseDetails | null} */
  #shown = null;
  /** @type {AbortController | null} */
  #loading = null;
  #info = element("div", "details-info");
  #gallery = new Gallery();
  #around = element("div", "details-around");
  #history = element("div", "details-history");
  #problem = element("p", "outcome");
  /** @type {HTMLElement | null} where the keyboard was before */
  #cameFrom = null;

  /** @param {HTMLElement} root @param {Tools} tools */
  constructor(root, tools) {
    this.root = root;
    this.tools = tools;
    this.clocks = new Clocks(tools.time);
    this.actions = new Actions(tools.words, tools.commands, () => this.#load());
    this.#problem.dataset.tone = "bad";
    this.#problem.setAttribute("role", "alert");
    this.files = new FilesBox(tools, () => this.#load());
    root.append(
      this.#problem,
      this.#info,
      this.clocks.root,
      this.#gallery.root,
      this.actions.root,
      this.files.root,
      this.#around,
      this.#history,
    );
  }

  /** @returns {number | null} */
  get id() {
    return this.#id;
  }

  /** @returns {number} pixels that the card covers at the right of the map; a sheet from below covers none */
  get width() {
    return getComputedStyle(this.root).position === "fixed" ? 0 : this.root.offsetWidth;
  }

  /** @param {number} id */
  open(id) {
    if (this.#id === null && document.activeElement instanceof HTMLElement)
      this.#cameFrom = document.activeElement;
    if (id !== this.#id) this.#empty();
    this.#id = id;
    this.#load();
  }

  /** @returns {boolean} whether there was a card to close */
  close() {
    if (this.#id === null) return false;
    this.#loading?.abort();
    this.#id = null;
    this.#shown = null;
    this.root.hidden = true;
    this.#cameFrom?.focus();
    this.#cameFrom = null;
    this.tools.onClose();
    return true;
  }

  /** The live picture has this card now: read the details anew if they are older. @param {Card | undefined} card */
  refresh(card) {
    if (card && this.#shown?.card.id === card.id && card.version > this.#shown.card.version) this.#load();
  }

  tick() {
    if (!this.#shown) return;
    this.clocks.show(this.#shown.card, this.tools.now());
  }

  #empty() {
    this.#shown = null;
    this.#problem.textContent = "";
    this.#info.replaceChildren(element("p", "", gettext("Reading the details…")));
    this.root.toggleAttribute("data-empty", true);
    this.root.hidden = false;
  }

  async #load() {
    const id = this.#id;
    if (id === null) return;
    const address = `${this.tools.api}incidents/${id}?choices=true`;
    this.#loading?.abort();
    this.#loading = new AbortController();
    try {
      const { signal } = this.#loading;
      const response = await fetch(address, { headers: { Accept: "application/json" }, signal });
      const body = await response.json();
      if (response.ok) this.#show(body);
      else this.#complain([body.message, body.details?.reference].filter(Boolean).join(" "));
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      this.#complain(gettext("The details can't be read at the moment; they are shown as they were."));
    }
  }

  /** @param {string} sentence */
  #complain(sentence) {
    this.#problem.textContent = sentence;
    if (!this.#shown) this.#info.replaceChildren(this.#closeButton());
  }

  /** @param {CaseDetails} details */
  #show(details) {
    const { words, time, onOpen } = this.tools;
    const isNew = this.#shown?.card.id !== details.card.id;
    const wasInside = this.root.contains(document.activeElement) || document.activeElement === document.body;
    this.#shown = details;
    this.#problem.textContent = "";
    this.#info.replaceChildren(this.#head(details), ...this.#text(details), this.#facts(details));
    this.#gallery.show(details.attachments);
    this.actions.show(details, details.choices ?? NO_CHOICES);
    this.files.show(details);
    const onBegin = this.actions.begin.bind(this.actions);
    this.#around.replaceChildren(...around(details, { words, time, onOpen, onBegin }));
    const line = historyLine(details.history, { words, time });
    this.#history.replaceChildren(element("h2", "", gettext("History")), line);
    this.tick();
    this.tools.onShow(details);
    this.root.toggleAttribute("data-empty", false);
    if (isNew) this.root.scrollTop = 0;
    // The keyboard stays in the card when the button it was on has gone.
    if (isNew || (wasInside && !this.root.contains(document.activeElement))) {
      this.root.focus({ preventScroll: true });
    }
  }

  /** @param {CaseDetails} details */
  #head({ card }) {
    const { words } = this.tools;
    const matter = words.matter(card.matter);
    const phase = phaseOf(card.state);
    const picture = element("span", "matter-icon");
    picture.style.setProperty("--matter", matter.colour);
    picture.append(icon(matter.icon));
    const title = element("h2", "", matter.name);
    title.id = "details-title";
    const state = element("p", "details-state");
    state.append(
      shapeIcon(phase.shape, phase.colour),
      element("strong", "", words.state(card.state)),
      element("span", "", card.number),
      ...this.#marks(card),
    );
    const titles = element("div");
    titles.append(title, state);
    const head = element("header", "details-head");
    head.append(picture, titles, this.#closeButton());
    return head;
  }

  /** @param {Card} card @returns {HTMLElement[]} */
  #marks({ priority, escalated_to: level }) {
    const { words } = this.tools;
    const marks = [];
    if (priority !== "normal") marks.push(element("span", `mark mark-${priority}`, words.priority(priority)));
    if (level) {
      marks.push(
        element("span", "mark mark-up", fill(gettext("up to %(level)s"), { level: words.level(level) })),
      );
    }
    return marks;
  }

  #closeButton() {
    const close = element("button", "details-close", "×");
    close.type = "button";
    close.setAttribute("aria-label", gettext("Close the details"));
    close.addEventListener("click", () => this.close());
    return close;
  }

  /** @param {CaseDetails} details */
  #text({ text }) {
    return text ? [element("p", "details-text", text)] : [];
  }

  /** @param {CaseDetails} details */
  #facts(details) {
    const { time } = this.tools;
    const { card } = details;
    const list = element("dl", "facts");
    /** @param {string} name @param {string | null} value */
    const fact = (name, value) => {
      if (value) list.append(element("dt", "", name), element("dd", "", value));
    };
    fact(gettext("Place"), details.chain.map((unit) => unit.name).join(" › "));
    if (card.outside_m !== null) fact(gettext("Note"), this.tools.words.place(card));
    fact(gettext("Seen"), time.short(card.observed_at));
    fact(gettext("Received"), time.short(card.received_at));
    fact(gettext("Reporter"), reporterName(details.reporter));
    fact(gettext("Telephone number"), details.contact);
    fact(gettext("Assignee"), details.assignee?.name ?? null);
    fact(gettext("Scheduled for"), details.scheduled_for);
    fact(gettext("On hold until"), details.held_until);
    const home = details.household;
    fact(gettext("Household"), home && [home.householder, home.phone, home.address].join(" · "));
    return list;
  }
}
