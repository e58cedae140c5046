/** The room on this phone: asked to be kept, measured, and told in plain words. */
import { fill, gettext } from "../ui/i18n.js";

const KILO = 1024;
const UNITS = ["KB", "MB", "GB"];

/** @param {number} bytes @returns {string} such as "1.4 MB" */
export function size(bytes) {
  let value = bytes / KILO;
  let unit = 0;
  while (value >= KILO && unit < UNITS.length - 1) {
    value /= KILO;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

/** Ask the browser not to throw away what is kept here when it wants room; it may say no. */
export const askToPersist = () => navigator.storage?.persist?.().catch(() => false);

/** @returns {Promise<number>} bytes that may still be kept; infinite where the browser doesn't say */
export async function roomLeft() {
  const estimate = await navigator.storage?.estimate?.().catch(() => null);
  return estimate?.quota === undefined ? Number.POSITIVE_INFINITY : estimate.quota - (estimate.usage ?? 0);
}

export const keptNowhere = () =>
  gettext("This browser keeps nothing: leave this page open until everything is sent.");

/** @param {boolean} isKept @returns {Promise<string>} */
export async function roomInWords(isKept) {
  if (!isKept) return keptNowhere();
  const left = await roomLeft();
  const isSafe = await navigator.storage?.persisted?.().catch(() => false);
  const words = [];
  if (Number.isFinite(left))
    words.push(fill(gettext("Room left for this page: %(size)s."), { size: size(left) }));
  words.push(
    isSafe
      ? gettext("The browser has promised to keep it.")
      : gettext("The browser may clear it when the phone is full: send soon, or export it."),
  );
  return words.join(" ");
}
