/** The three clocks of a task, small: each by itself, with a shape and words beside its colour. */
import { element } from "../../ui/dom.js";
import { fill, gettext, pgettext } from "../../ui/i18n.js";
import { clocks } from "../../ui/lateness.js";
import { duration } from "../../ui/time.js";

/** @typedef {import("../../ui/lateness.js").Clock} Clock */

/** @returns {Record<Clock["key"], string>} */
const names = () => ({
  feedback: pgettext("clock", "Feedback"),
  handling: pgettext("clock", "Handling"),
  resolve: pgettext("clock", "Resolution"),
});

/** @param {import("../../live/messages.js").Card} card @param {number} now milliseconds */
export function clockRow(card, now) {
  const list = element("dl", "task-clocks");
  for (const clock of clocks(card, now)) {
    const box = element("div", "task-clock");
    const said = element("dd", "late", sentence(clock));
    // A clock that was stopped in time needs no more attention; one that was stopped late stays late.
    said.dataset.late = clock.stoppedAt !== null && clock.lateness !== "late" ? "done" : clock.lateness;
    box.append(element("dt", "", names()[clock.key]), said);
    list.append(box);
  }
  return list;
}

/** @param {Clock} clock */
function sentence({ stoppedAt, due, at, isPaused }) {
  const left = duration(Math.abs(due - at) / 1000);
  if (stoppedAt !== null) return at > due ? gettext("done late") : pgettext("clock", "done");
  if (isPaused) return pgettext("clock", "paused");
  return at > due ? fill(gettext("%(left)s late"), { left }) : fill(gettext("%(left)s left"), { left });
}
