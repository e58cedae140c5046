import { shapeIcon } from "../layers/shapes.js";
import { PHASES } from "../layers/states.js";
import { element, setText } from "../ui/dom.js";

/**
 * The legend of the states, which is the filter too. What is over is not on the wall.
 *
 * @typedef {import("../layers/states.js").Phase} Phase
 */

const SHOWN = PHASES.filter((phase) => phase.key !== "ended");

export class Legend {
  /** @type {Set<Phase>} */
  #hidden = new Set();
  /** @type {Map<Phase, HTMLElement>} */
  #counts = new Map();

  /** @param {HTMLElement} list @param {() => void} onChange */
  constructor(list, onChange) {
    list.append(...SHOWN.map((phase) => this.#entry(phase, onChange)));
  }

  /** @param {Phase} phase @returns {boolean} */
  shows(phase) {
    return SHOWN.includes(phase) && !this.#hidden.has(phase);
  }

  /** Show how many cases are in each phase, as a funnel. @param {(phase: Phase) => number} of */
  count(of) {
    const most = Math.max(1, ...SHOWN.map(of));
    for (const [phase, target] of this.#counts) {
      setText(target, String(of(phase)));
      target.parentElement?.style.setProperty("--share", String(of(phase) / most));
    }
  }

  /** @param {Phase} phase @param {() => void} onChange */
  #entry(phase, onChange) {
    const entry = element("li");
    const button = element("button", "legend-entry");
    const count = element("span", "legend-count", "0");
    button.type = "button";
    button.setAttribute("aria-pressed", "true");
    button.style.setProperty("--phase", phase.colour);
    button.append(shapeIcon(phase.shape, phase.colour), element("span", "", phase.label()), count);
    button.addEventListener("click", () => {
      if (!this.#hidden.delete(phase)) this.#hidden.add(phase);
      button.setAttribute("aria-pressed", String(!this.#hidden.has(phase)));
      onChange();
    });
    this.#counts.set(phase, count);
    entry.append(button);
    return entry;
  }
}
