/** The tools: which one is in hand, what it says, and which keys and clicks it gets. */
import { byId, element } from "../../ui/dom.js";
import { gettext } from "../../ui/i18n.js";
import { zoneAt } from "../picking.js";

/**
 * @typedef {import("../contract.js").Position} Position
 * @typedef {import("../contract.js").Zone} Zone
 *
 * @typedef {object} Hint
 * @property {string} text empty: nothing is said
 * @property {boolean} [canFinish]
 * @property {string} [finishLabel]
 * @property {boolean} [canGoBack]
 * @property {boolean} [canCancel]
 * @property {{ label: string, act: () => void }[]} [more]
 *
 * @typedef {object} Tool
 * @property {string} code
 * @property {() => Hint} hint
 * @property {() => void} [begin]
 * @property {() => void} [end]
 * @property {(at: Position, zone: Zone | undefined) => void} click
 * @property {(at: Position) => void} [move]
 * @property {() => void} [changed] the zones are others now
 * @property {() => void} [finish]
 * @property {() => void} [back] takes back the last point or pick
 * @property {() => boolean} [cancel] returns whether there was anything to cancel
 */

/** By key 1 to 9; pictures in a box of 24. */
const TOOLS = [
  { code: "select", picture: "M5 3l13 8-6 1.5L15 19l-3 1.5-3-6.5-4 4z" },
  { code: "split", picture: "M4 5h16v14H4zM14 3l-4 18" },
  { code: "merge", picture: "M4 5h7v14H4zM20 5h-7M20 5v14h-7M9 12h8m-3-3l3 3-3 3" },
  { code: "edit", picture: "M4 18L10 8l8 2 2-5M8.2 8a1.8 1.8 0 1 0 3.6 0 1.8 1.8 0 1 0-3.6 0" },
  { code: "reshape", picture: "M4 4h16v16H4zM12 4c-5 5 5 11 0 16" },
  { code: "transfer", picture: "M3 8h7v12H3zM14 4h7v16h-7M10 12h6m-2.5-2.5L16 12l-2.5 2.5" },
  { code: "attributes", picture: "M4 6h10M4 12h7M4 18h5M13 17l6-7 2 2-6 7-3 1z" },
  { code: "lock", picture: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3" },
  {
    code: "propose",
    picture: "M12 3v4M12 17v4M3 12h4M17 12h4M6 6l2.5 2.5M15.5 15.5L18 18M18 6l-2.5 2.5M8.5 15.5L6 18",
  },
];

/** @returns {Record<string, string>} */
const labels = () => ({
  select: gettext("Select"),
  split: gettext("Split"),
  merge: gettext("Merge"),
  edit: gettext("Move edge"),
  reshape: gettext("Reshape"),
  transfer: gettext("Transfer"),
  attributes: gettext("Attributes"),
  lock: gettext("Lock"),
  propose: gettext("Propose"),
});

const SVG = "http://www.w3.org/2000/svg";

export class Toolbox {
  /** @type {Map<string, Tool>} */
  #tools = new Map();
  /** @type {Map<string, HTMLButtonElement>} */
  #buttons = new Map();
  /** @type {((at: Position) => void) | null} */
  #grabber = null;
  /** @type {Tool | null} */
  current = null;

  /**
   * @param {import("../desk.js").Desk} desk
   * @param {import("../../map/sketch.js").Sketch} sketch
   */
  constructor(desk, sketch) {
    this.desk = desk;
    this.sketch = sketch;
    this.root = byId("tools");
    this.hintRoot = byId("hint");
    const words = labels();
    for (const [n, { code, picture }] of TOOLS.entries()) {
      const button = toolButton(String(n + 1), words[code] ?? code, picture);
      button.dataset.tool = code;
      button.addEventListener("click", () => this.use(code));
      this.#buttons.set(code, button);
      this.root.append(button);
    }
  }

  /** @param {readonly Tool[]} tools */
  fit(tools) {
    for (const tool of tools) this.#tools.set(tool.code, tool);
  }

  /** Who may not draw may look and select. */
  allow() {
    const { mayDraw } = this.desk;
    for (const [code, button] of this.#buttons) {
      button.disabled = !mayDraw && code !== "select";
      button.title = button.disabled ? gettext("Nothing can be drawn on this plan now") : "";
    }
    if (!mayDraw && this.current?.code !== "select") this.use("select");
  }

  /** @param {string} code */
  use(code) {
    const tool = this.#tools.get(code);
    if (!tool || tool === this.current || this.#buttons.get(code)?.disabled) return;
    this.current?.end?.();
    this.#grabber = null;
    this.current = tool;
    for (const [own, button] of this.#buttons) button.setAttribute("aria-pressed", String(own === code));
    document.body.dataset.tool = code;
    tool.begin?.();
    this.showHint();
  }

  /** @param {string} digit 1 to 9 */
  useKey(digit) {
    const tool = TOOLS[Number(digit) - 1];
    if (tool) this.use(tool.code);
  }

  /** Zones that the tool has picked, with the colour of their outlines. @param {ReadonlyMap<string, string>} picks */
  pick(picks) {
    this.desk.view.picks = picks;
    this.desk.view.restyle();
  }

  /** Give the next click to somebody else, such as a comment that wants its place. @param {(at: Position) => void} taker @param {string} text */
  grab(taker, text) {
    this.#grabber = taker;
    this.#say({ text, canCancel: true });
  }

  /** @param {Position} at */
  clicked(at) {
    const grabber = this.#grabber;
    if (grabber) {
      this.#grabber = null;
      this.showHint();
      grabber(at);
      return;
    }
    this.current?.click(at, zoneAt(this.desk.store.zones.values(), at));
  }

  /** @param {Position} at */
  moved(at) {
    this.current?.move?.(at);
  }

  /** The zones are others now. */
  changed() {
    this.current?.changed?.();
  }

  finish() {
    this.current?.finish?.();
  }

  back() {
    this.current?.back?.();
  }

  /** Esc: first what is refused and said, then what is drawn, then the tool. */
  cancel() {
    if (this.#grabber) {
      this.#grabber = null;
      this.showHint();
      return;
    }
    const had = this.desk.view.marks.clearDrawn() || this.current?.cancel?.();
    if (!had) this.use("select");
  }

  showHint() {
    if (this.current && !this.#grabber) this.#say(this.current.hint());
  }

  /** @param {Hint} hint */
  #say({ text, canFinish, finishLabel, canGoBack, canCancel, more = [] }) {
    const { hintRoot } = this;
    hintRoot.hidden = text === "";
    const buttons = more.map(({ label, act }) => hintButton(label, "", act));
    if (canGoBack) buttons.push(hintButton(gettext("Last point"), "⌫", () => this.back()));
    if (canCancel) buttons.push(hintButton(gettext("Cancel"), "Esc", () => this.cancel()));
    if (canFinish) {
      const finish = hintButton(finishLabel ?? gettext("Finish"), "Enter", () => this.finish());
      finish.classList.add("primary");
      buttons.push(finish);
    }
    hintRoot.replaceChildren(element("p", "", text), ...buttons);
  }
}

/** @param {string} label @param {string} key @param {() => void} act */
function hintButton(label, key, act) {
  const button = element("button", "", label);
  button.type = "button";
  if (key) button.append(" ", element("kbd", "", key));
  button.addEventListener("click", act);
  return button;
}

/** @param {string} key @param {string} label @param {string} picture */
function toolButton(key, label, picture) {
  const button = element("button", "tool");
  button.type = "button";
  button.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-keyshortcuts", key);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", picture);
  svg.append(path);
  button.append(svg, element("span", "tool-label", label), element("kbd", "", key));
  return button;
}
