import { element } from "../ui/dom.js";

/**
 * @typedef {object} Level
 * @property {string} code
 * @property {string} name
 * @property {number} zoom the first of the map that shows them
 */

const KEY = "linge.wall.level";

/**
 * Let the level of the grids be chosen; the screen remembers it.
 *
 * @param {HTMLElement} group
 * @param {readonly Level[]} levels from the top down
 * @param {(level: Level) => void} onChoose
 */
export function showLevels(group, levels, onChoose) {
  const kept = localStorage.getItem(KEY);
  const first =
    levels.find((level) => level.code === kept) ?? levels.find((level) => level.code === "community");
  const chosen = first ?? levels[0];
  for (const level of levels) {
    const label = element("label", "level");
    const input = element("input");
    input.type = "radio";
    input.name = "level";
    input.value = level.code;
    input.checked = level === chosen;
    input.addEventListener("change", () => {
      localStorage.setItem(KEY, level.code);
      onChoose(level);
    });
    label.append(input, element("span", "", level.name));
    group.append(label);
  }
  if (chosen) onChoose(chosen);
}
