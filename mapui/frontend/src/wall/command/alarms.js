/** Emergencies that go on, over the map: what, where, since when, and how many have answered. */
import { element, setText } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";

/**
 * @typedef {import("../../live/messages.js").Emergency} Emergency
 */

export class Alarms {
  /** @param {HTMLElement} root @param {(emergency: Emergency) => void} onFind */
  constructor(root, onFind) {
    this.root = root;
    this.onFind = onFind;
  }

  /** @param {readonly Emergency[]} emergencies @param {number} now milliseconds */
  show(emergencies, now) {
    this.root.hidden = emergencies.length === 0;
    const known = new Map(
      [...this.root.querySelectorAll("button")].map((button) => [Number(button.dataset.emergency), button]),
    );
    const buttons = emergencies.map((emergency) => {
      const button = known.get(emergency.id) ?? this.#button(emergency);
      const [answers, since] = button.querySelectorAll("span");
      if (answers) setText(answers, answered(emergency));
      if (since) setText(since, duration(now - Date.parse(emergency.since)));
      return button;
    });
    if (buttons.length !== known.size || buttons.some((button) => !button.isConnected)) {
      this.root.replaceChildren(...buttons);
    }
  }

  /** @param {Emergency} emergency */
  #button(emergency) {
    const button = element("button", "emergency-alarm");
    button.type = "button";
    button.dataset.emergency = String(emergency.id);
    button.append(
      element("strong", "", fill(gettext("Emergency: %(reason)s"), { reason: emergency.reason })),
      element("em", "", emergency.unit_name),
      element("span", "emergency-answers"),
      element("span", "emergency-since"),
    );
    button.addEventListener("click", () => this.onFind(emergency));
    return button;
  }
}

/** @param {{ addressed: number, acknowledged: number }} answers @returns {string} */
export const answered = ({ addressed: all, acknowledged: n }) =>
  all === 0 ? gettext("no order given") : fill(gettext("%(n)s of %(all)s have acknowledged"), { n, all });

/** @param {number} ms @returns {string} hours, minutes and seconds */
export function duration(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
