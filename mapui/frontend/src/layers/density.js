/**
 * How much more than usual lies around each place of a picture: cases smeared out by a bell, minus the usual.
 * Knows no map.
 *
 * @typedef {object} Weight
 * @property {number} x of the picture's points, from the left
 * @property {number} y from the top
 * @property {number} value cases more (or fewer) than usual
 */

/**
 * @param {number} radius points; the bell has come down to nearly nothing there
 * @returns {{ size: number, values: Float32Array }} a square of that many points a side, 1 in its middle
 */
export function bell(radius) {
  const size = 2 * radius + 1;
  const values = new Float32Array(size * size);
  const width = (radius / 2.2) ** 2;
  for (let y = -radius; y <= radius; y += 1) {
    for (let x = -radius; x <= radius; x += 1) {
      values[(y + radius) * size + x + radius] = Math.exp(-(x * x + y * y) / (2 * width));
    }
  }
  return { size, values };
}

/**
 * @param {Iterable<Weight>} weights
 * @param {number} width @param {number} height points of the picture
 * @param {number} radius points
 * @returns {Float32Array} row by row
 */
export function density(weights, width, height, radius) {
  const field = new Float32Array(width * height);
  const { size, values } = bell(radius);
  for (const { x, y, value } of weights) {
    const [left, top] = [Math.round(x) - radius, Math.round(y) - radius];
    const [from, to] = [Math.max(0, -left), Math.min(size, width - left)];
    for (let row = Math.max(0, -top); row < Math.min(size, height - top); row += 1) {
      const [source, target] = [row * size, (top + row) * width + left];
      for (let column = from; column < to; column += 1) {
        field[target + column] = (field[target + column] ?? 0) + value * (values[source + column] ?? 0);
      }
    }
  }
  return field;
}

/** From little to much; lightness alone tells it, as in "inferno": red, green, opacity by share. */
export const HEAT = ["#7a1d6d", "#bb3754", "#ed6925", "#fcb519", "#fcffa4"];

/**
 * @param {number} share from 0 to 1
 * @returns {[number, number, number, number]} red, green, blue, alpha (0 to 255); nothing below a twentieth
 */
export function heatColour(share) {
  if (!(share > 0.05)) return [0, 0, 0, 0];
  const at = Math.min(1, share) * (HEAT.length - 1);
  const low = Math.min(HEAT.length - 2, Math.floor(at));
  const [from, to] = [channels(low), channels(low + 1)];
  const mixed = from.map((value, n) => Math.round(value + ((to[n] ?? 0) - value) * (at - low)));
  const [red = 0, green = 0, blue = 0] = mixed;
  return [red, green, blue, Math.round(255 * Math.min(0.8, 0.25 + 0.6 * share))];
}

/** @param {number} n */
const channels = (n) => [1, 3, 5].map((at) => Number.parseInt((HEAT[n] ?? "").slice(at, at + 2), 16));
