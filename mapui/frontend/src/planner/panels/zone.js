/** What the selected zone is called, where it belongs, what it is for, and who is to have its posts. */
import { byId, element } from "../../ui/dom.js";
import { gettext } from "../../ui/i18n.js";
import { purposes } from "../words.js";
import { balanceBar, figuresTable } from "./figures.js";
import { staffEditor } from "./staff.js";

/**
 * @typedef {import("../contract.js").Zone} Zone
 * @typedef {import("../desk.js").Desk} Desk
 */

export class ZonePanel {
  /** @type {string} of which zone and state this is */
  #shown = "";

  /** @param {Desk} desk @param {readonly { code: string, name: string }[]} levels all there are, from the top down */
  constructor(desk, levels) {
    this.desk = desk;
    this.levels = levels;
    this.root = byId("panel-zone");
    desk.onSelect(() => this.show());
  }

  /** Draw it anew if something in it differs; what somebody types here just now is left alone. */
  show() {
    const zone = this.desk.selected;
    const { store, mayDraw } = this.desk;
    const state = zone
      ? JSON.stringify([zone.id, zone.properties, store.figures.get(zone.id), [...store.parents], mayDraw])
      : "";
    if (state === this.#shown) return;
    const isTyping = this.root.contains(document.activeElement) && this.root.dataset.zone === zone?.id;
    if (isTyping && document.activeElement?.matches("input, textarea")) return;
    this.#shown = state;
    this.root.dataset.zone = zone?.id ?? "";
    this.root.replaceChildren(...(zone ? this.#content(zone) : [this.#nothing()]));
  }

  #nothing() {
    return element("p", "note-quiet", gettext("Click a zone on the map."));
  }

  /** @param {Zone} zone */
  #content(zone) {
    const { id, properties } = zone;
    const { store } = this.desk;
    const head = element("header", "zone-head");
    head.append(element("h2", "", properties.name));
    if (properties.is_new) head.append(element("span", "mark", gettext("new")));
    if (properties.is_locked) head.append(element("span", "mark", gettext("locked")));
    const form = element("fieldset", "zone-form");
    form.disabled = !this.desk.mayDraw;
    form.append(
      ...this.#text(zone, "rename", "name", gettext("Name"), 100),
      ...this.#text(zone, "renumber", "code", gettext("Code"), 32),
      ...this.#nextCode(zone),
      ...(store.levelAbove
        ? this.#choice(zone, "assign", "parent", gettext("Upper unit"), this.#parents())
        : []),
      ...this.#choice(zone, "purpose", "purpose", gettext("Purpose"), Object.entries(purposes())),
      this.#lock(zone),
      ...this.#subdivide(zone),
    );
    return [
      head,
      balanceBar(store.figures.get(id), this.desk),
      form,
      staffEditor(this.desk, id),
      figuresTable(store.before.get(id), store.figures.get(id)),
    ];
  }

  #parents() {
    return [...this.desk.store.parents].sort(([, a], [, b]) => a.localeCompare(b));
  }

  /** @param {Zone} zone @param {string} kind @param {"name" | "code"} field @param {string} label @param {number} longest */
  #text({ id, properties }, kind, field, label, longest) {
    const input = element("input");
    input.maxLength = longest;
    input.name = field;
    input.autocomplete = "off";
    input.value = properties[field];
    if (field === "code") input.placeholder = gettext("given when the plan is published");
    const save = () => {
      const text = input.value.trim();
      if (text !== properties[field]) this.desk.draw({ kind, zone: id, [field]: text });
    };
    input.addEventListener("change", save);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") input.blur();
    });
    return labelled(label, input);
  }

  /** @param {Zone} zone */
  #nextCode({ id }) {
    const button = element("button", "quiet", gettext("Next code of the scheme"));
    button.type = "button";
    button.addEventListener("click", () => this.desk.draw({ kind: "renumber", zone: id, code: "" }));
    return [button];
  }

  /** @param {Zone} zone @param {string} kind @param {"parent" | "purpose"} field @param {string} label @param {[string, string][]} offers */
  #choice({ id, properties }, kind, field, label, offers) {
    const select = element("select");
    select.name = field;
    for (const [value, text] of offers) select.append(new Option(text, value));
    select.value = properties[field];
    select.addEventListener("change", async () => {
      // What was refused is as it was.
      if (!(await this.desk.draw({ kind, zone: id, [field]: select.value })))
        select.value = properties[field];
    });
    return labelled(label, select);
  }

  /** Begin a level below, where there is none yet. @param {Zone} zone */
  #subdivide({ id, properties }) {
    const all = this.levels.findIndex(({ code }) => code === properties.level);
    const below = this.levels.slice(all + 1);
    if (below.length === 0 || !properties.is_leaf) return [];
    const select = element("select");
    select.name = "subdivide";
    select.append(new Option(gettext("Begin a level below…"), ""));
    for (const { code, name } of below) select.append(new Option(name, code));
    select.addEventListener("change", async () => {
      const isDone = await this.desk.draw({ kind: "subdivide", zone: id, to_level: select.value });
      select.value = "";
      // The plan has a level more, perhaps.
      if (isDone) await this.desk.attempt(() => this.desk.store.loadPlan());
    });
    return labelled(gettext("Level below"), select);
  }

  /** @param {Zone} zone */
  #lock({ id, properties }) {
    const label = element("label", "check");
    const box = element("input");
    box.type = "checkbox";
    box.checked = properties.is_locked;
    box.addEventListener("change", () => {
      this.desk.draw({ kind: "lock", zones: [id], locked: box.checked });
    });
    label.append(box, gettext("Locked: keep it as it is"));
    return label;
  }
}

/** @param {string} text @param {HTMLInputElement | HTMLSelectElement} control @returns {HTMLElement[]} */
export function labelled(text, control) {
  const label = element("label", "", text);
  control.id ||= `zone-${control.name}`;
  label.htmlFor = control.id;
  return [label, control];
}
