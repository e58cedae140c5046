import { fill, gettext } from "./i18n.js";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/**
 * Times in the district's zone, whatever the zone of the screen.
 *
 * @param {string} timeZone an IANA name
 * @param {string} language the page's language
 */
export function zonedTime(timeZone, language) {
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const day = new Intl.DateTimeFormat(language, {
    timeZone,
    year: "numeric",
    month: "long",
    day: "numeric",
    weekday: "long",
  });
  const short = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const date = new Intl.DateTimeFormat("sv-SE", { timeZone });
  return {
    /** @param {number | string | Date} at @returns {string} YYYY-MM-DD */
    date: (at) => date.format(new Date(at)),
    /** @param {number | string | Date} at @returns {number} the whole seconds of its day that are over */
    second: (at) => {
      const [h = 0, m = 0, s = 0] = clock.format(new Date(at)).split(":").map(Number);
      return HOUR * h + MINUTE * m + s;
    },
    /** @param {number | string | Date} at @returns {string} hh:mm:ss */
    clock: (at) => clock.format(new Date(at)),
    /** @param {number | string | Date} at @returns {string} the date in words */
    day: (at) => day.format(new Date(at)),
    /** @param {number | string | Date} at @returns {string} MM-DD hh:mm */
    short: (at) => {
      const parts = Object.fromEntries(
        short.formatToParts(new Date(at)).map((part) => [part.type, part.value]),
      );
      return `${parts.month}-${parts.day} ${parts.hour}:${parts.minute}`;
    },
  };
}

/**
 * A span of time in two units at most: "45 s", "12 min", "3 h 05 min", "2 d 4 h".
 *
 * @param {number} seconds negative counts as zero
 * @returns {string}
 */
export function duration(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s < MINUTE) return fill(gettext("%(s)s s"), { s });
  if (s < HOUR) return fill(gettext("%(m)s min"), { m: Math.floor(s / MINUTE) });
  if (s < DAY) {
    return fill(gettext("%(h)s h %(m)s min"), {
      h: Math.floor(s / HOUR),
      m: Math.floor((s % HOUR) / MINUTE),
    });
  }
  return fill(gettext("%(d)s d %(h)s h"), { d: Math.floor(s / DAY), h: Math.floor((s % DAY) / HOUR) });
}

/**
 * A running clock: "04:07", "1:04:07", "26:00:00".
 *
 * @param {number} seconds negative counts as zero
 * @returns {string}
 */
export function stopwatch(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const tail = `${two(Math.floor((s % HOUR) / MINUTE))}:${two(s % MINUTE)}`;
  return s < HOUR ? tail : `${Math.floor(s / HOUR)}:${tail}`;
}
