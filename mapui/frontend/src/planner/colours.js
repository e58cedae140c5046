/**
 * How zones are coloured. Colour never speaks alone: outside of the norm the name carries arrows, and what is
 * changed is hatched.
 *
 * @typedef {import("./contract.js").Figures} Figures
 * @typedef {import("./contract.js").Norm} Norm
 * @typedef {import("./contract.js").Zone} Zone
 * @typedef {"none" | "good" | "off" | "far"} Standing against the norm: within it, out of it, out of it twice
 */

/** @type {Record<Standing, string>} */
export const STANDING_COLOURS = { none: "#7d93a8", good: "#2e9e5b", off: "#e8a317", far: "#d64545" };

/** Told apart also by who doesn't see red and green alike (after Okabe and Ito). */
export const GROUP_COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c6bb1"];

/** @param {Figures | undefined} figures @param {Norm | null} norm @returns {Standing} */
export function standing(figures, norm) {
  const deviation = figures?.deviation;
  if (!norm || deviation === null || deviation === undefined) return "none";
  const away = Math.abs(deviation);
  if (away <= norm.tolerance) return "good";
  return away <= 2 * norm.tolerance ? "off" : "far";
}

/** @param {Figures | undefined} figures @param {Norm | null} norm @returns {string} ▲ too many, ▼ too few; two when far */
export function arrows(figures, norm) {
  const step = standing(figures, norm);
  const sign = (figures?.deviation ?? 0) > 0 ? "▲" : "▼";
  return { none: "", good: "", off: sign, far: sign + sign }[step];
}

/**
 * Give each group of zones a colour, so that groups side by side differ where the colours suffice.
 *
 * @param {ReadonlyMap<string, ReadonlySet<string>>} beside for each zone its neighbours
 * @param {(zone: string) => string} groupOf
 * @returns {Map<string, number>} for each group the number of its colour
 */
export function groupColours(beside, groupOf) {
  /** @type {Map<string, Set<string>>} */
  const groups = new Map();
  for (const [zone, neighbours] of beside) {
    const own = groups.get(groupOf(zone)) ?? new Set();
    for (const other of neighbours) own.add(groupOf(other));
    groups.set(groupOf(zone), own);
  }
  /** @type {Map<string, number>} */
  const colours = new Map();
  // Who has the most neighbours chooses first (Welsh and Powell).
  for (const [group, neighbours] of [...groups].sort(([, a], [, b]) => b.size - a.size)) {
    const taken = new Set([...neighbours].map((other) => colours.get(other)));
    const free = GROUP_COLOURS.findIndex((_, n) => !taken.has(n));
    colours.set(group, free < 0 ? colours.size % GROUP_COLOURS.length : free);
  }
  return colours;
}
