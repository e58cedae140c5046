/** Somebody else's plan from a file: what it needs to fit, on the map and in m², and taken when that is agreed to. */
import { v7 as uuid } from "uuid";
import { byId, element } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";
import { count } from "../words.js";
import { check } from "./proposal.js";

/**
 * @typedef {import("../desk.js").Desk} Desk
 * @typedef {{ code: string, message: string, area_m2: number, zones: string[], where: [number, number] }} Change
 * @typedef {{ taken: boolean, is_drawn: boolean, result: import("../contract.js").Result | null, moved_m2: number, notes: string[],
 *   findings: { code: string, message: string, where: [number, number] }[], changes: Change[],
 *   features: import("../contract.js").Zone[] }} Imported
 */

const MOST_LINES = 30;
const ACCEPT = ".geojson,.json,.gpkg,.kml,.zip,.shp,.shx,.dbf,.prj,.cpg";

export class ImportPanel {
  #form = element("form", "proposal-form");
  #outcome = element("section", "proposal-outcome");

  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    const box = element("details", "import-box");
    box.append(element("summary", "", gettext("From a file")), this.#form, this.#outcome);
    byId("panel-proposal").append(box);
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(null);
    });
    this.#drawForm();
  }

  #drawForm() {
    const files = element("input");
    Object.assign(files, { type: "file", name: "files", multiple: true, required: true, accept: ACCEPT });
    const levels = element("select");
    levels.name = "level";
    for (const { code, name } of this.desk.store.plan.levels) levels.append(new Option(name, code));
    levels.value = this.desk.store.level;
    const look = element("button", "primary", gettext("Look at the file"));
    this.#form.append(
      ...field(gettext("GeoJSON, GeoPackage, KML or Shapefile"), files),
      ...field(gettext("Level of its zones"), levels),
      ...field(gettext("Field with the name"), text("name_field", "name", true)),
      ...field(gettext("Field with the code, if there is one"), text("code_field", "code", false)),
      ...field(gettext("Coordinate system, if not the file's"), text("crs", "", false)),
      ...field(gettext("Layer, if the file has several"), text("layer", "", false)),
      check("takes_names", gettext("Take the file's names too"), false),
      look,
    );
  }

  /** @param {number | null} accepted how many m² may be moved; null: only to look */
  async #send(accepted) {
    const content = new FormData(this.#form);
    content.append("id", uuid());
    content.append("zone", this.desk.selected?.id ?? "");
    if (accepted !== null) content.append("accepted_m2", String(accepted));
    this.#outcome.replaceChildren(element("p", "note-quiet", gettext("The file is being looked at …")));
    const isDone = await this.desk.attempt(async () => {
      /** @type {Imported} */
      const imported = await this.desk.api.upload("/import", content);
      this.#show(imported);
      if (imported.result) await this.desk.store.take(imported.result);
    });
    if (!isDone) this.#putAside();
  }

  #putAside() {
    this.desk.view.showGhost(null, new Set());
    this.#outcome.replaceChildren();
  }

  /** @param {Imported} imported */
  #show({ taken, is_drawn: isDrawn, moved_m2: moved, notes, findings, changes, features }) {
    this.desk.view.showGhost(taken ? null : { name: "file", metrics: {}, figures: {}, features }, new Set());
    const head = headOf(taken, isDrawn, moved);
    const lines = [
      ...notes.map((message) => element("li", "", message)),
      ...changes.slice(0, MOST_LINES).map((change) => this.#line(change.message, change.where)),
      ...(changes.length === 0
        ? findings.slice(0, MOST_LINES).map((f) => this.#line(f.message, f.where))
        : []),
    ];
    const list = element("ul", "import-lines");
    list.append(...lines);
    const parts = [element("p", taken ? "note-quiet" : "error", head), list];
    if (!taken) parts.push(this.#answers(isDrawn, moved));
    this.#outcome.replaceChildren(...parts);
    this.#outcome.scrollIntoView({ block: "nearest" });
  }

  /** @param {string} message @param {[number, number]} where */
  #line(message, where) {
    const item = element("li");
    const button = element("button", "problem-what", message);
    button.type = "button";
    button.addEventListener("click", () => this.desk.view.zoomTo([], where));
    item.append(button);
    return item;
  }

  /** @param {boolean} isDrawn there is nothing to take @param {number} moved */
  #answers(isDrawn, moved) {
    const buttons = element("p", "buttons");
    const away = element("button", "", gettext("Put aside"));
    away.type = "button";
    away.addEventListener("click", () => this.#putAside());
    const words = moved > 0 ? gettext("Take it with these repairs") : gettext("Take it");
    const take = element("button", "primary", words);
    take.type = "button";
    take.disabled = !this.desk.mayDraw;
    take.addEventListener("click", () => this.#send(Math.ceil(moved)));
    buttons.append(away, ...(isDrawn ? [] : [take]));
    return buttons;
  }
}

/** @param {boolean} taken @param {boolean} isDrawn @param {number} moved */
function headOf(taken, isDrawn, moved) {
  if (taken) return gettext("Taken. Everything in the file is in the plan; it can be undone.");
  if (isDrawn)
    return gettext("Once it is repaired, the file draws what is drawn already. It changes nothing.");
  const words = gettext("To fit, %(m2)s m² would have to change hands. Nothing has been changed yet.");
  return fill(words, { m2: count(Math.round(moved)) });
}

/** @param {string} label @param {HTMLInputElement | HTMLSelectElement} control */
function field(label, control) {
  const words = element("label", "", label);
  control.id = `import-${control.name}`;
  words.htmlFor = control.id;
  return [words, control];
}

/** @param {string} name @param {string} value @param {boolean} required */
function text(name, value, required) {
  const input = element("input");
  Object.assign(input, { type: "text", name, value, required, maxLength: 100 });
  return input;
}
