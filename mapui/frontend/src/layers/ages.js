import { fill, pgettext } from "../ui/i18n.js";

/**
 * How long a case has been waiting, in five classes. The colours go from dark to bright as cividis does, so that
 * they are told apart by whoever sees no red or green, too.
 *
 * @typedef {object} AgeClass
 * @property {number} from hours
 * @property {string} colour on dark; #rrggbb
 * @property {() => string} label
 */

const HOUR_MS = 3_600_000;

/** @type {readonly AgeClass[]} youngest first */
export const AGES = [
  { from: 0, colour: "#7fc8f8", label: () => fill(pgettext("age", "under %(h)s h"), { h: 1 }) },
  { from: 1, colour: "#b7c4c9", label: () => fill(pgettext("age", "%(a)s–%(b)s h"), { a: 1, b: 4 }) },
  { from: 4, colour: "#e2cf6b", label: () => fill(pgettext("age", "%(a)s–%(b)s h"), { a: 4, b: 24 }) },
  { from: 24, colour: "#f59a36", label: () => fill(pgettext("age", "%(a)s–%(b)s d"), { a: 1, b: 3 }) },
  { from: 72, colour: "#e0559b", label: () => fill(pgettext("age", "over %(d)s d"), { d: 3 }) },
];

/**
 * @param {number} since milliseconds
 * @param {number} now milliseconds
 * @returns {number} the index in `AGES`
 */
export function ageClass(since, now) {
  const hours = (now - since) / HOUR_MS;
  return Math.max(
    0,
    AGES.findLastIndex(({ from }) => hours >= from),
  );
}
