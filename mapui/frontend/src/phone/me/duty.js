/** Duty as the worker sees it: who has it now, and his own turns. */
import { element } from "../../ui/dom.js";
import { fill, gettext, language, pgettext } from "../../ui/i18n.js";

/**
 * @typedef {{ name: string, shift: string, ends: string, unit_name: string, is_me: boolean }} DutyNow
 * @typedef {{ date: string, shift: string, starts: string, ends: string, unit_name: string }} Turn
 */

/** @returns {Record<string, string>} */
const shifts = () => ({
  day: pgettext("shift", "Day"),
  morning: pgettext("shift", "Morning"),
  noon: pgettext("shift", "Noon"),
  evening: pgettext("shift", "Evening"),
});

/** @param {readonly DutyNow[]} now */
export function dutyNow(now) {
  if (now.length === 0) return [element("li", "", gettext("Nobody is on duty now."))];
  return now.map(({ name, ends, unit_name: unit, is_me: isMe }) => {
    const who = isMe ? fill(gettext("%(name)s (me)"), { name }) : name;
    return element("li", "", `${who} · ${fill(gettext("until %(at)s"), { at: end(ends) })} · ${unit}`);
  });
}

/** @param {readonly Turn[]} turns */
export function myTurns(turns) {
  if (turns.length === 0) return [element("li", "", gettext("None in the next two weeks."))];
  const day = new Intl.DateTimeFormat(language(), { month: "numeric", day: "numeric", weekday: "short" });
  return turns.map(({ date, shift, starts, ends, unit_name: unit }) =>
    element(
      "li",
      "",
      `${day.format(new Date(`${date}T12:00:00`))} · ${hour(starts)}–${end(ends)} · ${shifts()[shift] ?? shift} · ${unit}`,
    ),
  );
}

/** @param {string} time hh:mm:ss */
const hour = (time) => time.slice(0, 5);

/** @param {string} time hh:mm:ss; 00:00 is midnight at the end of the day */
const end = (time) => (time.startsWith("00:00") ? "24:00" : hour(time));
