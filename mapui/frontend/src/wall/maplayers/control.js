/**
 * What lies on the wall's map: a panel of switches over the map. Each screen remembers its own.
 *
 * @typedef {"ground" | "grids" | "people" | "cases"} Group
 *
 * @typedef {object} MapLayer something that can be switched on and off
 * @property {string} key
 * @property {string} label
 * @property {Group} group
 * @property {boolean} isOn on a screen that remembers nothing else
 * @property {() => void} show
 * @property {() => void} hide
 *
 * @typedef {object} Choice one of several ways to show something
 * @property {string} key
 * @property {string} label
 * @property {Group} group
 * @property {readonly { value: string, label: string }[]} options not empty
 * @property {string} value on a screen that remembers nothing else
 * @property {(value: string) => void} onChoose hears the first value too
 */

import { element } from "../../ui/dom.js";
import { gettext, pgettext } from "../../ui/i18n.js";

const STORE = "linge.wall.layers";

/** @returns {Record<Group, string>} in the order of the panel */
const groups = () => ({
  cases: pgettext("map layers", "Cases"),
  grids: pgettext("map layers", "Grids"),
  people: pgettext("map layers", "Households, posts, places"),
  ground: pgettext("map layers", "Base map"),
});

export class LayersControl {
  /** @type {Record<string, boolean | string>} */
  #kept = kept();
  /** @type {Map<string, { layer: MapLayer, input: HTMLInputElement }>} */
  #layers = new Map();
  /** @type {Map<Group, HTMLElement>} */
  #groups = new Map();

  /** @param {HTMLElement} root becomes a `<details>` over the map, with the panel in it */
  constructor(root) {
    const fold = element("details", "layers");
    const summary = element("summary", "layers-button", gettext("Layers"));
    const panel = element("div", "layers-panel");
    for (const [key, title] of Object.entries(groups())) {
      const group = element("fieldset", "layers-group");
      group.append(element("legend", "", title));
      group.hidden = true;
      this.#groups.set(/** @type {Group} */ (key), group);
      panel.append(group);
    }
    fold.append(summary, panel);
    fold.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !fold.open) return;
      // The panel lies above everything else that Escape closes.
      event.stopPropagation();
      fold.open = false;
      summary.focus();
    });
    root.append(fold);
    this.fold = fold;
  }

  /** Open the panel or close it. */
  toggle() {
    this.fold.open = !this.fold.open;
    if (this.fold.open) this.fold.querySelector("summary")?.focus();
  }

  /** Add a switch, and show the layer if this screen is to show it. @param {MapLayer} layer */
  add(layer) {
    const input = element("input");
    input.type = "checkbox";
    input.name = layer.key;
    input.addEventListener("change", () => this.set(layer.key, input.checked));
    const label = element("label", "layers-switch");
    label.append(input, element("span", "", layer.label));
    this.#group(layer.group).append(label);
    this.#layers.set(layer.key, { layer, input });
    const remembered = this.#kept[layer.key];
    input.checked = typeof remembered === "boolean" ? remembered : layer.isOn;
    if (input.checked) layer.show();
  }

  /** Add a choice, and make it as this screen remembers it. @param {Choice} choice */
  choose({ key, label, group, options, value, onChoose }) {
    const box = element("div", "layers-choice");
    box.setAttribute("role", "radiogroup");
    box.setAttribute("aria-label", label);
    const remembered = this.#kept[key];
    const first = options.some((option) => option.value === remembered) ? remembered : value;
    for (const option of options) {
      const input = element("input");
      input.type = "radio";
      input.name = key;
      input.value = option.value;
      input.checked = option.value === first;
      input.addEventListener("change", () => {
        this.#keep(key, option.value);
        onChoose(option.value);
      });
      const line = element("label", "layers-option");
      line.append(input, element("span", "", option.label));
      box.append(line);
    }
    this.#group(group).append(element("p", "layers-title", label), box);
    onChoose(String(first));
  }

  /** @param {string} key @returns {boolean} whether the layer is on */
  isShown(key) {
    return this.#layers.get(key)?.input.checked ?? false;
  }

  /** Switch a layer on or off; the screen remembers it. @param {string} key @param {boolean} isShown */
  set(key, isShown) {
    const found = this.#layers.get(key);
    if (!found) return;
    found.input.checked = isShown;
    this.#keep(key, isShown);
    if (isShown) found.layer.show();
    else found.layer.hide();
  }

  /** @param {Group} key */
  #group(key) {
    const group = /** @type {HTMLElement} */ (this.#groups.get(key));
    group.hidden = false;
    return group;
  }

  /** @param {string} key @param {boolean | string} value */
  #keep(key, value) {
    this.#kept[key] = value;
    localStorage.setItem(STORE, JSON.stringify(this.#kept));
  }
}

/** @returns {Record<string, boolean | string>} what this screen remembers; nothing if it can't be read */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? "{}");
  } catch {
    return {};
  }
}
