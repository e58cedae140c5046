/** Visits: the households of my grids by building, those due first; one of them, with what came of the visit. */
import { element, setText } from "../../ui/dom.js";
import { fill, gettext, ngettext } from "../../ui/i18n.js";
import { age } from "../age.js";
import { HouseholdSheet } from "./household.js";
import { found, grouped, withWaiting } from "./round.js";
import { householdRow, titleOf } from "./rows.js";

/**
 * @typedef {import("./round.js").Round} Round
 * @typedef {import("./round.js").Household} Household
 */

/** So few buildings are all seen at once. */
const FEW = 2;
/** So many buildings are drawn; who looks for more writes a word. */
const MOST_GROUPS = 60;
const BUILDING = "building-";
/** What happens at once, such as a visit and its answer, is looked up once. */
const REST_MS = 500;

export class VisitsTab {
  #list = element("div", "visits");
  #search = element("input");
  #due = element("input");
  #count = element("p", "report-foot");
  #groups = element("div", "houses");
  #age = element("p", "age");
  /** @type {Round} */
  #round = { households: [], buildings: [], left_out: 0 };
  #argument = "";
  #isShown = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;

  /** @param {HTMLElement} panel @param {import("../context.js").Context} context */
  constructor(panel, context) {
    this.context = context;
    const label = element("label", "unseen", gettext("Search by address, door or name"));
    const dueLabel = element("label", "due-only");
    this.#search.type = "search";
    this.#search.id = "visit-search";
    this.#search.placeholder = gettext("Address, door or name");
    label.htmlFor = this.#search.id;
    this.#due.type = "checkbox";
    dueLabel.append(this.#due, element("span", "", gettext("Only those due")));
    this.#search.addEventListener("input", () => this.#draw());
    this.#due.addEventListener("change", () => this.#draw());
    this.#list.append(label, this.#search, dueLabel, this.#count, this.#groups, this.#age);
    this.sheet = new HouseholdSheet(context);
    this.sheet.root.hidden = true;
    panel.append(this.#list, this.sheet.root);
    context.onEvent(() => this.#changed());
  }

  /** @param {string} argument empty: the list; the id of a household; or building-<id> */
  async show(argument) {
    this.#argument = argument;
    this.#isShown = true;
    const { data } = this.context;
    this.#take(await data.get("households"));
    await this.#draw();
    await this.#read();
  }

  /** Something has happened: show it at once, and look up what the server has by now. */
  async #changed() {
    if (!this.#isShown) return;
    await this.#draw();
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.#read(), REST_MS);
  }

  async #read() {
    const { data } = this.context;
    try {
      const read = await data.fresh("households", "phone/households");
      this.#take(read.value);
      setText(this.#age, age(read, this.context.time));
    } catch {
      // The log-in has ended, as the banner says: the list stays as it was.
    }
    await this.#draw();
  }

  hide() {
    this.#isShown = false;
    clearTimeout(this.#waiting);
    this.sheet.close();
  }

  /** @param {Round | undefined} round */
  #take(round) {
    if (round) this.#round = round;
  }

  async #draw() {
    const households = withWaiting(this.#round, await this.context.outbox.all());
    const chosen = households.find(({ id }) => String(id) === this.#argument);
    this.#list.hidden = chosen !== undefined;
    this.sheet.root.hidden = chosen === undefined;
    if (chosen) {
      const { buildings } = this.#round;
      const building = buildings.find(({ id }) => id === chosen.building) ?? null;
      this.sheet.show(chosen, titleOf(chosen, buildings), building);
    } else this.#drawList(households);
  }

  /** @param {Household[]} households */
  #drawList(households) {
    const { clock } = this.context;
    const inside = this.#argument.startsWith(BUILDING)
      ? households.filter(({ building }) => `${BUILDING}${building}` === this.#argument)
      : households;
    const words = this.#search.value;
    const seen = found(inside, words).filter(({ is_due: isDue }) => isDue || !this.#due.checked);
    const due = seen.filter(({ is_due: isDue }) => isDue).length;
    const all = fill(ngettext("%(n)s household", "%(n)s households", seen.length), { n: seen.length });
    setText(this.#count, `${all} · ${fill(gettext("%(n)s due"), { n: due })}`);
    const groups = grouped(seen, this.#round.buildings).slice(0, MOST_GROUPS);
    const isOpen = groups.length <= FEW || words.trim() !== "";
    const before = new Set(
      [...this.#groups.querySelectorAll("details[open]")].map((each) => each.getAttribute("data-building")),
    );
    this.#groups.replaceChildren(
      ...groups.map(({ building, households: here, due: toVisit }) => {
        const box = element("details", "house-group");
        const summary = element("summary");
        const name = building?.address || building?.name || gettext("Without a building");
        const count = fill(gettext("%(due)s due of %(n)s"), { due: toVisit, n: here.length });
        box.dataset.building = String(building?.id ?? "");
        box.open = isOpen || before.has(box.dataset.building);
        summary.append(element("strong", "", name), element("span", "report-foot", count));
        const rows = element("ol", "reports");
        // A closed building is drawn when it is opened: hundreds of doors are slow on a cheap phone.
        const fillIn = () => rows.replaceChildren(...here.map((each) => householdRow(each, clock.now())));
        if (box.open) fillIn();
        box.addEventListener("toggle", () => box.open && rows.childElementCount === 0 && fillIn());
        box.append(summary, rows);
        return box;
      }),
    );
    if (groups.length === 0) this.#groups.append(element("p", "empty", gettext("No household found.")));
    if (this.#round.left_out > 0) {
      const more = fill(gettext("%(n)s more are not on this phone."), { n: this.#round.left_out });
      this.#groups.append(element("p", "empty", more));
    }
  }
}
