/** Figures before → after: the whole, the worst, and each zone that the plan touches. */
import { byId, element } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";
import { arrows, standing } from "../colours.js";
import { area, change, count, signedShare } from "../words.js";

/**
 * @typedef {import("../contract.js").Figures} Figures
 * @typedef {import("../contract.js").Zone} Zone
 * @typedef {import("../desk.js").Desk} Desk
 */

/** More zones than this are too many to read; the worst come first. */
const MOST = 60;

/** @returns {{ key: keyof Figures, label: string, show: (value: number) => string }[]} */
const rows = () => [
  { key: "households", label: gettext("Households"), show: count },
  { key: "residents", label: gettext("Residents"), show: count },
  { key: "party_households", label: gettext("Party households"), show: count },
  { key: "hub_households", label: gettext("Hub households"), show: count },
  { key: "buildings", label: gettext("Buildings"), show: count },
  { key: "area_m2", label: gettext("Area"), show: area },
  { key: "compactness", label: gettext("Compactness"), show: (value) => value.toFixed(2) },
  { key: "staff", label: gettext("Posts"), show: count },
  { key: "workers", label: gettext("Staff"), show: count },
];

/** @param {Figures | undefined} figures @param {Desk} desk @returns {HTMLElement} households against the norm */
export function balanceBar(figures, { store: { norm } }) {
  const bar = element("div", "balance");
  if (!(norm && figures)) return bar;
  const most = 2 * norm.households;
  /** @param {number} households */
  const share = (households) => `${Math.min(100, (100 * households) / most)}%`;
  const band = element("span", "balance-norm");
  band.style.left = share(norm.households * (1 - norm.tolerance));
  band.style.right = `${100 - Number.parseFloat(share(norm.households * (1 + norm.tolerance)))}%`;
  const filled = element("span", "balance-fill");
  filled.dataset.standing = standing(figures, norm);
  filled.style.width = share(figures.households);
  bar.append(band, filled);
  bar.setAttribute("role", "img");
  const words = gettext("%(households)s households, norm %(norm)s ± %(tolerance)s%, %(deviation)s");
  bar.setAttribute(
    "aria-label",
    fill(words, {
      households: count(figures.households),
      norm: count(norm.households),
      tolerance: Math.round(100 * norm.tolerance),
      deviation: signedShare(figures.deviation),
    }),
  );
  return bar;
}

/** @param {Figures | undefined} before @param {Figures | undefined} after @returns {HTMLElement} */
export function figuresTable(before, after) {
  const table = element("table", "figures-table");
  const head = element("tr");
  for (const label of ["", gettext("Before"), gettext("After"), gettext("Change")]) {
    const cell = element("th", "", label);
    cell.scope = "col";
    head.append(cell);
  }
  table.append(element("thead"));
  table.tHead?.append(head);
  const body = table.createTBody();
  for (const { key, label, show } of rows()) {
    const [was, is] = [before?.[key], after?.[key]];
    const row = body.insertRow();
    const name = element("th", "", label);
    name.scope = "row";
    row.append(name);
    for (const text of [shown(was, show), shown(is, show), differenceOf(was, is, key)]) {
      row.append(element("td", "", text));
    }
  }
  return table;
}

/** @param {number | null | undefined} value @param {(value: number) => string} show */
const shown = (value, show) => (value === null || value === undefined ? "–" : show(value));

/** @param {number | null | undefined} was @param {number | null | undefined} is @param {keyof Figures} key */
function differenceOf(was, is, key) {
  if (typeof was !== "number" || typeof is !== "number" || key === "area_m2" || key === "compactness")
    return "";
  return change(is, was);
}

export class FiguresPanel {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.root = byId("panel-figures");
    /** @type {Set<string>} */
    this.opened = new Set();
    desk.onSelect(() => this.show());
  }

  show() {
    const { desk } = this;
    const { store } = desk;
    const touched = [...store.zones.values()].filter(
      ({ id, properties }) => properties.is_changed || properties.is_new || id === desk.view.selected,
    );
    touched.sort((a, b) => this.#rank(b) - this.#rank(a));
    const title = element("h2", "", gettext("Touched zones"));
    const none = element(
      "p",
      "note-quiet",
      gettext("Nothing is changed yet. Click a zone to see its figures."),
    );
    const cards = touched.slice(0, MOST).map((zone) => this.#card(zone));
    const rest = touched.length - cards.length;
    const more = element(
      "p",
      "note-quiet",
      rest > 0 ? fill(gettext("… and %(count)s more"), { count: rest }) : "",
    );
    this.root.replaceChildren(this.#totals(), title, ...(cards.length > 0 ? cards : [none]), more);
  }

  /** The selected one first, then who is furthest from the norm. @param {Zone} zone */
  #rank({ id }) {
    if (id === this.desk.view.selected) return Number.POSITIVE_INFINITY;
    return Math.abs(this.desk.store.figures.get(id)?.deviation ?? 0);
  }

  #totals() {
    const { store } = this.desk;
    const { norm, figures, before } = store;
    const box = element("section", "totals");
    const list = element("dl", "totals-list");
    const within = [...figures.values()].filter((own) => standing(own, norm) === "good").length;
    const withinBefore = [...before.values()].filter((own) => standing(own, norm) === "good").length;
    list.append(
      pair(gettext("Zones"), arrow(before.size, figures.size)),
      pair(gettext("Households"), arrow(sum(before), sum(figures))),
      ...(norm ? [pair(gettext("Within the norm"), arrow(withinBefore, within))] : []),
    );
    box.append(list);
    if (norm) {
      const sentence = gettext("Norm: %(households)s households ± %(tolerance)s%");
      const values = { households: count(norm.households), tolerance: Math.round(100 * norm.tolerance) };
      const words = element("p", "note-quiet", fill(sentence, values));
      words.title = norm.basis;
      box.append(words, ...this.#worst());
    }
    return box;
  }

  /** The zone furthest from the norm, as a button that shows it. */
  #worst() {
    const { store, view } = this.desk;
    const [worst] = [...store.figures].sort(
      ([, a], [, b]) => Math.abs(b.deviation ?? 0) - Math.abs(a.deviation ?? 0),
    );
    if (!worst || ["good", "none"].includes(standing(worst[1], store.norm))) return [];
    const [key, figures] = worst;
    const values = { name: store.nameOf(key), deviation: signedShare(figures.deviation) };
    const button = element("button", "worst", fill(gettext("Worst: %(name)s, %(deviation)s"), values));
    button.type = "button";
    button.addEventListener("click", () => {
      this.desk.select(key);
      view.zoomTo([key]);
    });
    return [button];
  }

  /** @param {Zone} zone */
  #card({ id, properties }) {
    const { desk } = this;
    const { store } = desk;
    const [was, is] = [store.before.get(id), store.figures.get(id)];
    const card = element("details", "zone-card");
    card.open = this.opened.has(id) || id === desk.view.selected;
    card.toggleAttribute("data-selected", id === desk.view.selected);
    card.addEventListener("toggle", () => {
      if (card.open) this.opened.add(id);
      else this.opened.delete(id);
    });
    const head = element("summary");
    head.append(
      element("strong", "", properties.name),
      ...(properties.is_new ? [element("span", "mark", gettext("new"))] : []),
      element(
        "span",
        "zone-card-figures",
        `${arrow(was?.households, is?.households)} ${arrows(is, store.norm)}`,
      ),
      element("span", "zone-card-share", signedShare(is?.deviation)),
      balanceBar(is, desk),
    );
    const show = element("button", "quiet", gettext("Show on the map"));
    show.type = "button";
    show.addEventListener("click", () => {
      desk.select(id);
      desk.view.zoomTo([id]);
    });
    card.append(head, figuresTable(was, is), show);
    return card;
  }
}

/** @param {ReadonlyMap<string, Figures>} figures */
const sum = (figures) => [...figures.values()].reduce((total, { households }) => total + households, 0);

/** @param {number | undefined} was @param {number | undefined} is */
function arrow(was, is) {
  if (was === undefined) return is === undefined ? "–" : count(is);
  return was === is || is === undefined ? count(was) : `${count(was)} → ${count(is)}`;
}

/** @param {string} term @param {string} text */
function pair(term, text) {
  const row = element("div");
  row.append(element("dt", "", term), element("dd", "", text));
  return row;
}
