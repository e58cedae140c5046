/**
 * A figure of units in classes, by how it stands to the whole: so that a colour means the same on every level.
 * Pure: no DOM, no map.
 *
 * @typedef {object} Counted a unit of a level
 * @property {number} id
 * @property {number} households
 * @property {readonly (readonly [number, number])[]} spans the ids of all units in its subtree, as closed ranges
 */

/** Where the classes begin, as multiples of the whole's figure. */
const STEPS = [0.5, 1, 1.5, 2.5];

/** Finds which unit of a level another one lies in. */
export class Owners {
  #firsts;
  #lasts;
  #owners;

  /** @param {readonly Counted[]} units */
  constructor(units) {
    const spans = units.flatMap(({ spans: own }, n) => own.map(([first, last]) => ({ first, last, n })));
    spans.sort((a, b) => a.first - b.first);
    this.#firsts = Float64Array.from(spans, ({ first }) => first);
    this.#lasts = Float64Array.from(spans, ({ last }) => last);
    this.#owners = Int32Array.from(spans, ({ n }) => n);
  }

  /** @param {number} id @returns {number} the index of the unit that it is or lies in; -1 for none */
  of(id) {
    let [low, high] = [0, this.#firsts.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (id < (this.#firsts[middle] ?? 0)) high = middle - 1;
      else if (id > (this.#lasts[middle] ?? 0)) low = middle + 1;
      else return this.#owners[middle] ?? -1;
    }
    return -1;
  }
}

/**
 * Count what lies in each unit, and say which class each is of.
 *
 * @param {readonly Pick<Counted, "id" | "households">[]} units
 * @param {Owners} owners of the same units
 * @param {Iterable<{ unit: number }>} cases
 * @returns {{ classes: Map<number, number>, breaks: number[] }} the class (0 to 4) of each unit that has cases and
 *   households, by its id; and where the classes 1 to 4 begin, in cases per 1,000 households
 */
export function shares(units, owners, cases) {
  const counts = new Int32Array(units.length);
  let total = 0;
  for (const { unit } of cases) {
    const n = owners.of(unit);
    if (n < 0) continue;
    counts[n] = (counts[n] ?? 0) + 1;
    total += 1;
  }
  const households = units.reduce((sum, unit) => sum + unit.households, 0);
  const whole = households > 0 ? (1000 * total) / households : 0;
  const breaks = STEPS.map((step) => rounded(step * whole));
  /** @type {Map<number, number>} */
  const classes = new Map();
  for (const [n, { id, households: own }] of units.entries()) {
    const count = counts[n] ?? 0;
    if (count === 0 || own === 0) continue;
    const share = (1000 * count) / own;
    classes.set(id, breaks.filter((from) => share >= from).length);
  }
  return { classes, breaks };
}

/** To two digits. @param {number} value */
const rounded = (value) => Number(value.toPrecision(2));
