import { element, setText } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";
import { clocks } from "../ui/lateness.js";
import { stopwatch } from "../ui/time.js";

/**
 * @typedef {import("../live/messages.js").Card} Card
 * @typedef {import("../ui/lateness.js").Clock} Clock
 * @typedef {{ short: (at: number) => string }} Time
 */

/** @returns {Record<Clock["key"], string>} */
const titles = () => ({
  feedback: gettext("First feedback"),
  handling: gettext("First handling"),
  resolve: gettext("Resolution"),
});

/** The three clocks of a case, running. */
export class Clocks {
  #root = element("div", "clocks");
  /** @type {Map<string, { card: HTMLElement, elapsed: HTMLElement, bar: HTMLProgressElement, due: HTMLElement }>} */
  #parts = new Map();

  /** @param {Time} time */
  constructor(time) {
    this.time = time;
    for (const [key, title] of Object.entries(titles())) {
      const card = element("section", "clock-card");
      const elapsed = element("p", "clock-elapsed");
      const bar = element("progress");
      const due = element("p", "clock-due");
      bar.max = 1;
      bar.setAttribute("aria-label", title);
      card.append(element("h3", "", title), elapsed, bar, due);
      this.#parts.set(key, { card, elapsed, bar, due });
      this.#root.append(card);
    }
  }

  get root() {
    return this.#root;
  }

  /** @param {Card} card @param {number} now milliseconds */
  show(card, now) {
    const start = Date.parse(card.opened_at);
    for (const clock of clocks(card, now)) {
      const parts = this.#parts.get(clock.key);
      if (!parts) continue;
      parts.card.dataset.late = clock.lateness;
      parts.card.toggleAttribute("data-paused", clock.isPaused);
      parts.bar.value = Math.min(1, Math.max(0, clock.share));
      setText(parts.elapsed, stopwatch((clock.at - start) / 1000));
      setText(parts.due, this.#sentence(clock));
    }
  }

  /** @param {Clock} clock */
  #sentence(clock) {
    if (clock.stoppedAt !== null)
      return fill(gettext("Done %(at)s"), { at: this.time.short(clock.stoppedAt) });
    if (clock.isPaused) return gettext("Stands still: it waits for others");
    return fill(gettext("Due %(at)s"), { at: this.time.short(clock.due) });
  }
}
