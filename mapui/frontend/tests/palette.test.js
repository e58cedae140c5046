import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PHASES } from "../src/layers/states.js";

/**
 * Who is colour-blind sees the wall through these matrices (Machado, Oliveira and Fernandes 2009, severity 1.0,
 * on linear RGB). Colours are never alone on the wall, shapes and words say the same; they must differ, still.
 */
const EYES = /** @type {const} */ ({
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
});

const CSS = readFileSync(new URL("../src/wall/screen.css", import.meta.url), "utf8");
/** @param {string} name of a custom property of the wall */
const ink = (name) => CSS.match(new RegExp(`--${name}: (#[0-9a-f]{6});`))?.[1] ?? assert.fail(`no --${name}`);

/** @param {string} hex @returns {number[]} linear RGB from 0 to 1 */
function linear(hex) {
  return [1, 3, 5].map((n) => {
    const part = Number.parseInt(hex.slice(n, n + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
}

/** @param {readonly number[]} matrix @param {readonly number[]} rgb */
const through = (matrix, rgb) =>
  [0, 1, 2].map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        rgb.reduce((sum, part, n) => sum + (matrix[3 * row + n] ?? 0) * part, 0),
      ),
    ),
  );

/** @param {readonly number[]} rgb linear @returns {number[]} OKLab (Ottosson 2020) */
function oklab([r = 0, g = 0, b = 0]) {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** @param {string} a @param {string} b @param {readonly number[]} eye @returns {number} 0.02 is just noticeable */
function difference(a, b, eye) {
  const [one, other] = [a, b].map((hex) => oklab(through(eye, linear(hex))));
  return Math.hypot(...(one ?? []).map((part, n) => part - (other?.[n] ?? 0)));
}

/** @param {string} hex @returns {number} relative luminance (WCAG 2.2) */
function luminance(hex) {
  const [r = 0, g = 0, b = 0] = linear(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {string} a @param {string} b */
function contrast(a, b) {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

for (const [name, eye] of Object.entries(EYES)) {
  test(`phases of a case differ for eyes with ${name} vision, or have other shapes`, () => {
    for (const [n, one] of PHASES.entries()) {
      for (const other of PHASES.slice(n + 1)) {
        assert.notEqual(one.shape, other.shape);
        const apart = difference(one.colour, other.colour, eye);
        assert.ok(apart > 0.04, `${one.key} and ${other.key}: ${apart.toFixed(3)}`);
      }
    }
  });

  test(`in time, soon late and late differ for eyes with ${name} vision`, () => {
    for (const [one, other] of /** @type {const} */ ([
      ["good", "soon"],
      ["soon", "late"],
      ["good", "late"],
    ])) {
      const apart = difference(ink(one), ink(other), eye);
      assert.ok(apart > 0.06, `${one} and ${other}: ${apart.toFixed(3)}`);
    }
  });
}

test("every ink is read on the panels of the wall", () => {
  for (const name of ["ink", "ink-soft", "accent", "good", "soon", "late", "amber"]) {
    for (const ground of ["night", "panel"]) {
      const ratio = contrast(ink(name), ink(ground));
      assert.ok(ratio >= 4.5, `--${name} on --${ground}: ${ratio.toFixed(2)}`);
    }
  }
  for (const { key, colour } of PHASES) {
    assert.ok(contrast(colour, ink("panel")) >= 4.5, key);
  }
});
