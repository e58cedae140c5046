/**
 * Commanding from the wall: an area is drawn, what is in it is counted, and then it is run in emergency mode or its
 * workers are told something; what goes on is shown with its answers.
 */
import { AreaDrawing, AreaLayer } from "../../map/areas.js";
import { element, setText } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";
import { Alarms } from "./alarms.js";
import { broadcastForm, emergencyForm } from "./forms.js";
import { foundInside } from "./found.js";
import { Running } from "./running.js";

/**
 * @typedef {import("../../live/messages.js").Orders} Orders
 * @typedef {import("../../map/areas.js").Shape} Shape
 * @typedef {import("../../map/rings.js").Position} Position
 * @typedef {import("./calls.js").Answer} Answer
 *
 * @typedef {object} Parts where it is on the page
 * @property {HTMLElement} root the drawer
 * @property {HTMLButtonElement} button opens and closes it
 * @property {HTMLElement} alarms
 *
 * @typedef {object} Tools
 * @property {import("./calls.js").Calls} calls
 * @property {{ short: (at: string) => string }} time
 * @property {() => number} now milliseconds, the server's clock
 * @property {boolean} mayCommand
 * @property {number} scale of the screen, 1 on a desk
 */

/** A wall that has heard nothing for so long after a welcome knows that nothing goes on. */
const SILENCE_MS = 3000;
/** @type {Orders} */
const NOTHING = { kind: "orders", emergencies: [], broadcasts: [] };

export class Command {
  /** @type {Orders} */
  #orders = NOTHING;
  /** @type {import("geojson").MultiPolygon | null} what was drawn, as far as it counts */
  #draft = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #silence;
  #hint = element("p", "command-hint");
  #outcome = element("p", "outcome");
  #found = element("div", "command-found");
  /** @type {Map<Shape, HTMLButtonElement>} */
  #shapes = new Map();

  /** @param {import("leaflet").Map} map @param {Parts} parts @param {Tools} tools */
  constructor(map, parts, tools) {
    this.parts = parts;
    this.tools = tools;
    this.areas = new AreaLayer(map, tools.scale);
    this.drawing = new AreaDrawing(map, tools.scale, (corners) => this.#advise(corners));
    const onFind = this.areas.find.bind(this.areas);
    const say = this.#say.bind(this);
    this.running = new Running({ ...tools, onFind, say });
    this.alarms = new Alarms(parts.alarms, ({ area }) => area && onFind(area));
    this.#outcome.setAttribute("role", "status");
    this.#hint.setAttribute("role", "status");
    parts.button.addEventListener("click", () => this.toggle());
    this.#build();
    this.#show();
  }

  get isOpen() {
    return !this.parts.root.hidden;
  }

  /** @returns {boolean} whether somebody is about to command something */
  get isBusy() {
    return this.drawing.isDrawing || this.#draft !== null;
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.#open();
  }

  /** What Escape does: first end the drawing, then close the drawer. @returns {boolean} whether there was anything */
  back() {
    if (this.drawing.isDrawing) this.#cancelDrawing();
    else if (this.#draft) this.#forget();
    else if (this.isOpen) this.close();
    else return false;
    return true;
  }

  /** @param {Orders} orders */
  take(orders) {
    clearTimeout(this.#silence);
    this.#orders = orders;
    this.#show();
  }

  /** The line is new: what went on before it may have ended. */
  welcomed() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.take(NOTHING), SILENCE_MS);
  }

  tick() {
    this.alarms.show(this.#orders.emergencies, this.tools.now());
  }

  #open() {
    this.parts.root.hidden = false;
    this.parts.button.setAttribute("aria-expanded", "true");
    this.parts.root.focus({ preventScroll: true });
  }

  close() {
    this.#cancelDrawing();
    this.#forget();
    this.parts.root.hidden = true;
    this.parts.button.setAttribute("aria-expanded", "false");
    this.parts.button.focus();
  }

  #build() {
    const title = element("h2", "", gettext("Command"));
    title.id = "command-title";
    const close = element("button", "details-close", "×");
    close.type = "button";
    close.setAttribute("aria-label", gettext("Close the command panel"));
    close.addEventListener("click", () => this.close());
    const head = element("header", "command-head");
    head.append(title, close);
    const goingOn = element("h3", "", gettext("Going on"));
    const drawing = this.tools.mayCommand ? [this.#tools(), this.#hint, this.#found] : [];
    this.parts.root.append(head, ...drawing, this.#outcome, goingOn, this.running.root);
  }

  #tools() {
    const box = element("div", "command-tools");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", gettext("Draw an area"));
    /** @type {readonly [Shape, string, string][]} */
    const shapes = [
      ["polygon", "⬠", gettext("Polygon")],
      ["rectangle", "▭", gettext("Rectangle")],
      ["circle", "◯", gettext("Circle")],
    ];
    for (const [shape, sign, name] of shapes) {
      const button = element("button", "command-tool");
      const picture = element("span", "", sign);
      picture.setAttribute("aria-hidden", "true");
      button.type = "button";
      button.dataset.shape = shape;
      button.setAttribute("aria-pressed", "false");
      button.append(picture, element("span", "", name));
      button.addEventListener("click", () => this.#draw(shape));
      this.#shapes.set(shape, button);
      box.append(button);
    }
    return box;
  }

  /** @param {Shape} shape */
  #draw(shape) {
    this.#forget();
    this.#say("", "good");
    this.#press(shape);
    this.drawing.begin(shape, (ring) => this.#drawn(shape, ring));
  }

  /** @param {Shape | null} pressed */
  #press(pressed) {
    for (const [shape, button] of this.#shapes)
      button.setAttribute("aria-pressed", String(shape === pressed));
  }

  #cancelDrawing() {
    this.drawing.cancel();
    this.#press(null);
    setText(this.#hint, "");
  }

  /** What to do next. @param {number} corners clicked so far */
  #advise(corners) {
    const shape = [...this.#shapes].find(([, button]) => button.getAttribute("aria-pressed") === "true")?.[0];
    const hints = {
      polygon:
        corners < 3
          ? gettext("Click at the corners of the area on the map.")
          : gettext("Go on with corners; a double click or Enter ends it, Backspace takes one back."),
      rectangle: corners === 0 ? gettext("Click at a corner.") : gettext("Click at the opposite corner."),
      circle: corners === 0 ? gettext("Click at the middle.") : gettext("Click at the edge."),
    };
    const byKeyboard = gettext("By keyboard: the arrows move the map, Space takes its middle.");
    const more = this.drawing.isByKeyboard ? ` ${byKeyboard}` : "";
    setText(this.#hint, shape ? hints[shape] + more : "");
  }

  /** What doesn't count stays as it is drawn, to be mended. @param {Shape} shape @param {readonly Position[]} ring */
  async #drawn(shape, ring) {
    this.#press(null);
    setText(this.#hint, gettext("Counting what is inside…"));
    const answer = await this.tools.calls.count(ring);
    setText(this.#hint, "");
    if (!answer.ok) {
      this.#say(answer.message, "bad");
      this.#press(shape);
      this.drawing.resume();
      return;
    }
    this.#say("", "good");
    this.#draft = answer.body.area;
    this.#show();
    const onAnswer = (/** @type {Answer} */ reply) => this.#answered(reply);
    const forms = element("div", "command-forms");
    forms.append(
      emergencyForm(this.tools.calls, ring, onAnswer),
      broadcastForm(this.tools.calls, ring, onAnswer),
    );
    this.#found.replaceChildren(...foundInside(answer.body), forms);
  }

  /** @param {Answer} answer */
  #answered(answer) {
    if (!answer.ok) return this.#say(answer.message, "bad");
    this.#forget();
    const { people } = answer.body;
    if (people === 0) this.#say(gettext("It is declared. No order was sent."), "good");
    else this.#say(fill(gettext("Sent to %(n)s people."), { n: people }), "good");
  }

  /** What was drawn is done with. */
  #forget() {
    this.#draft = null;
    this.#found.replaceChildren();
    this.#show();
  }

  #show() {
    const { emergencies, broadcasts } = this.#orders;
    const areas = [
      ...broadcasts.map(({ area }) => ({ area, kind: /** @type {const} */ ("broadcast") })),
      ...emergencies.flatMap(({ area }) =>
        area ? [{ area, kind: /** @type {const} */ ("emergency") }] : [],
      ),
      ...(this.#draft ? [{ area: this.#draft, kind: /** @type {const} */ ("draft") }] : []),
    ];
    this.areas.show(areas);
    this.running.show(this.#orders);
    this.parts.button.dataset.count = emergencies.length > 0 ? String(emergencies.length) : "";
    this.tick();
  }

  /** @param {string} sentence @param {"good" | "bad"} tone */
  #say(sentence, tone) {
    this.#outcome.dataset.tone = sentence ? tone : "";
    setText(this.#outcome, sentence);
  }
}
