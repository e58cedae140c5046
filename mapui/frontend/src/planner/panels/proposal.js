/** Grid proposals: what is wanted, how far it has come, three candidates to compare, and to take whole or in part. */
import { byId, element } from "../../ui/dom.js";
import { fill, gettext, ngettext } from "../../ui/i18n.js";
import { zoneAt } from "../picking.js";
import { count } from "../words.js";

/**
 * @typedef {import("../contract.js").Candidate} Candidate
 * @typedef {import("../contract.js").Proposal} Proposal
 * @typedef {import("../desk.js").Desk} Desk
 * @typedef {import("../tools/toolbox.js").Tool} Tool
 * @typedef {import("../tools/toolbox.js").Toolbox} Toolbox
 */

const ASK_MS = 700;
const HOUSEHOLDS = 300;
const TOLERANCE = 0.2;
/** Of a whole hierarchy: how many units make one of the level above, and the fewest households of one. */
const BRANCHES = 5;
const LEAST = 20;

/** What is shown of a candidate, the most telling first. @returns {Record<string, string>} */
const metricNames = () => ({
  worst_deviation: gettext("Worst deviation"),
  spread: gettext("Widest from the mean"),
  within_tolerance: gettext("Within the tolerance"),
  households_moved: gettext("Households that move"),
  blocks_split: gettext("Street blocks cut"),
  compounds_split: gettext("Compounds cut"),
  barriers_crossed: gettext("Zones across a barrier"),
  street_share: gettext("Borders along streets"),
  inner_border: gettext("New border inside blocks, m"),
  exempt: gettext("Too big to be divided"),
});
/** Shares, shown in per cent. */
const SHARES = new Set(["worst_deviation", "spread", "within_tolerance", "street_share"]);

/** @returns {Record<string, string>} what a candidate is best in */
const kinds = () => ({
  least_change: gettext("Least change"),
  balanced: gettext("Balanced"),
  streets: gettext("Along streets"),
  compact: gettext("Compact"),
});

export class ProposalPanel {
  /** @type {{ id: string, proposal: Proposal } | null} */
  #run = null;
  #shown = 0;
  /** @type {Set<string>} */
  #picked = new Set();
  #form = element("form", "proposal-form");
  #outcome = element("section", "proposal-outcome");

  /**
   * @param {Desk} desk
   * @param {Toolbox} box
   * @param {(tab: string) => void} openTab
   * @param {readonly { code: string, name: string }[]} levels all that there are, from the top down
   */
  constructor(desk, box, openTab, levels) {
    this.levels = levels;
    this.desk = desk;
    this.box = box;
    this.openTab = openTab;
    this.root = byId("panel-proposal");
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#begin();
    });
    this.root.append(this.#form, this.#outcome);
    desk.onSelect(() => this.#sayScope());
  }

  /** @returns {Tool} */
  tool() {
    return {
      code: "propose",
      hint: () => ({
        text: this.#candidate ? gettext("Click the parts that you want, or take it whole.") : "",
      }),
      begin: () => {
        this.openTab("proposal");
        this.#drawForm();
        this.#showGhosts();
      },
      end: () => this.desk.view.showGhost(null, this.#picked),
      click: (at, zone) => {
        const candidate = this.#candidate;
        const part = candidate && zoneAt(candidate.features, at);
        if (part) this.#togglePart(part.id);
        else if (!candidate) this.desk.select(zone?.id ?? null);
      },
      cancel: () => {
        const had = this.#picked.size > 0;
        this.#picked.clear();
        this.#showOutcome();
        return had;
      },
    };
  }

  get #candidate() {
    return this.#run?.proposal.candidates[this.#shown] ?? null;
  }

  // --- what is wanted -----------------------------------------------------------------------------

  #drawForm() {
    if (this.#form.childElementCount > 0) return;
    const { norm, plan, level } = this.desk.store;
    const levels = element("select");
    levels.name = "level";
    for (const { code, name } of plan.levels) levels.append(new Option(name, code));
    levels.value = level;
    const choices = [
      check("keep_compounds", gettext("Keep walled compounds whole"), true),
      check("barriers", gettext("Rivers and main roads are barriers"), true),
      check("least_change", gettext("Change today's grids as little as possible"), true),
      check("below", gettext("Make all levels below as well, anew"), false),
    ];
    const start = element("button", "primary", gettext("Propose"));
    this.#form.append(
      element("p", "proposal-scope"),
      ...field(gettext("Level of the new zones"), levels),
      ...field(gettext("Households for each"), number("target", norm?.households ?? HOUSEHOLDS, 1, 100_000)),
      ...field(gettext("Tolerance, %"), number("tolerance", 100 * (norm?.tolerance ?? TOLERANCE), 1, 90)),
      ...field(gettext("How many (empty: by households)"), number("number", null, 1, 1000)),
      ...choices,
      start,
    );
    this.#sayScope();
  }

  #sayScope() {
    const words = this.#form.querySelector(".proposal-scope");
    const zone = this.desk.selected;
    if (!words) return;
    words.textContent = zone
      ? fill(gettext("For %(name)s only. Click it again or click outside for the whole scope."), {
          name: zone.properties.name,
        })
      : gettext("For the whole scope. Click a zone to divide that one only.");
  }

  async #begin() {
    const data = new FormData(this.#form);
    const wanted = Number(data.get("number"));
    const content = {
      zone: this.desk.selected?.id ?? "",
      level: data.get("level"),
      target: Number(data.get("target")),
      tolerance: Number(data.get("tolerance")) / 100,
      number: wanted > 0 ? wanted : null,
      keep_compounds: data.has("keep_compounds"),
      barriers: data.has("barriers"),
      least_change: data.has("least_change"),
      levels: data.has("below")
        ? this.#levelsFrom(String(data.get("level")), Number(data.get("target")))
        : [],
    };
    await this.desk.attempt(async () => {
      const { id } = await this.desk.api.send("/proposals", content);
      const proposal = { state: /** @type {const} */ ("running"), progress: 0, error: "", candidates: [] };
      this.#run = { id, proposal };
      this.#shown = 0;
      this.#picked.clear();
      this.#showOutcome();
      this.#follow(id);
    });
  }

  /** A whole hierarchy: the level chosen and all below, with the households of each. @param {string} first @param {number} target */
  #levelsFrom(first, target) {
    const from = this.levels.findIndex(({ code }) => code === first);
    return this.levels.slice(from).map(({ code }, n) => ({
      level: code,
      target: n === 0 ? target : Math.max(LEAST, Math.round(target / BRANCHES ** n)),
    }));
  }

  /** @param {string} id */
  #follow(id) {
    setTimeout(async () => {
      if (this.#run?.id !== id) return;
      try {
        this.#run.proposal = await this.desk.api.get(`/proposals/${id}`);
      } catch {
        // It goes on there, whether anybody asks or not.
        this.#follow(id);
        return;
      }
      this.#showOutcome();
      if (this.#run.proposal.state === "running") this.#follow(id);
    }, ASK_MS);
  }

  // --- what came of it ----------------------------------------------------------------------------

  #showOutcome() {
    const { state = "stopped", progress = 0, error = "", candidates = [] } = this.#run?.proposal ?? {};
    const parts = [];
    if (state === "running") parts.push(this.#progress(progress));
    if (state === "failed") parts.push(element("p", "error", error));
    if (state === "stopped" && this.#run) parts.push(element("p", "note-quiet", gettext("Stopped.")));
    if (candidates.length > 0) parts.push(this.#flipper(candidates), ...this.#details(candidates));
    this.#outcome.replaceChildren(...parts);
    this.#showGhosts();
    this.box.showHint();
  }

  /** @param {number} progress */
  #progress(progress) {
    const box = element("div", "progress");
    const bar = element("progress");
    bar.max = 1;
    bar.value = progress;
    bar.setAttribute("aria-label", gettext("Proposals are worked out"));
    const stop = element("button", "", gettext("Stop"));
    stop.type = "button";
    stop.addEventListener("click", () => {
      this.desk.attempt(() => this.desk.api.send(`/proposals/${this.#run?.id}`, {}, "DELETE"));
    });
    box.append(bar, element("span", "", `${Math.round(100 * progress)}%`), stop);
    return box;
  }

  /** @param {readonly Candidate[]} candidates */
  #flipper(candidates) {
    const box = element("div", "flipper");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", gettext("Candidates"));
    const names = kinds();
    for (const [n, { name }] of candidates.entries()) {
      const button = element("button", "", names[name] ?? fill(gettext("Candidate %(n)s"), { n: n + 1 }));
      button.type = "button";
      button.setAttribute("aria-pressed", String(n === this.#shown));
      button.addEventListener("click", () => {
        this.#shown = n;
        this.#picked.clear();
        this.#showOutcome();
      });
      box.append(button);
    }
    return box;
  }

  /** The figures of all candidates side by side, and the buttons of the one shown. @param {readonly Candidate[]} candidates */
  #details(candidates) {
    const table = element("table", "figures-table");
    for (const [key, name] of Object.entries(this.#rows(candidates[0]))) {
      const row = table.insertRow();
      const head = element("th", "", name);
      head.scope = "row";
      row.append(head);
      for (const [n, { metrics }] of candidates.entries()) {
        const cell = element("td", "", metricText(key, metrics[key]));
        cell.toggleAttribute("data-shown", n === this.#shown);
        row.append(cell);
      }
    }
    const some = this.#picked.size;
    const template = ngettext("Take %(count)s part", "Take %(count)s parts", some);
    const label = some > 0 ? fill(template, { count: count(some) }) : gettext("Take this candidate");
    const take = element("button", "primary", label);
    take.type = "button";
    take.disabled = !this.desk.mayDraw || this.#run?.proposal.state === "running";
    take.addEventListener("click", () => this.#take());
    const away = element("button", "", gettext("Put aside"));
    away.type = "button";
    away.addEventListener("click", () => this.#putAside());
    const buttons = element("p", "buttons");
    buttons.append(away, take);
    return [buttons, table];
  }

  /** What the table tells of each candidate; of a hierarchy, how many units each level has. @param {Candidate | undefined} candidate @returns {Record<string, string>} */
  #rows(candidate) {
    if (candidate?.name !== "hierarchy") return metricNames();
    const known = this.levels.filter(({ code }) => code in candidate.metrics);
    return Object.fromEntries(known.map(({ code, name }) => [code, name]));
  }

  #putAside() {
    this.#run = null;
    this.#picked.clear();
    this.#showOutcome();
  }

  async #take() {
    const zones = [...this.#picked];
    const operation = { kind: "repartition", proposal: this.#run?.id, candidate: this.#shown };
    if (await this.desk.draw(zones.length > 0 ? { ...operation, zones } : operation)) this.#putAside();
  }

  /** @param {string} key */
  #togglePart(key) {
    if (!this.#picked.delete(key)) this.#picked.add(key);
    this.#showOutcome();
  }

  #showGhosts() {
    const isInHand = this.box.current?.code === "propose";
    this.desk.view.showGhost(isInHand ? this.#candidate : null, this.#picked);
  }
}

/** @param {string} key @param {Candidate["metrics"][string] | undefined} value */
function metricText(key, value) {
  if (Array.isArray(value)) return count(value.length);
  if (typeof value === "object" && value !== null) {
    return `${count(value.zones)} · ±${Math.round(100 * value.median_deviation)}%`;
  }
  if (typeof value !== "number") return "–";
  return SHARES.has(key) ? `${Math.round(100 * value)}%` : count(Math.round(value));
}

/** @param {string} text @param {HTMLInputElement | HTMLSelectElement} control */
function field(text, control) {
  const label = element("label", "", text);
  control.id = `proposal-${control.name}`;
  label.htmlFor = control.id;
  return [label, control];
}

/** @param {string} name @param {number | null} value @param {number} least @param {number} most */
function number(name, value, least, most) {
  const input = element("input");
  Object.assign(input, { type: "number", name, min: String(least), max: String(most), step: "1" });
  input.value = value === null ? "" : String(Math.round(value));
  input.required = value !== null;
  return input;
}

/** @param {string} name @param {string} text @param {boolean} isOn */
export function check(name, text, isOn) {
  const label = element("label", "check");
  const box = element("input");
  Object.assign(box, { type: "checkbox", name, checked: isOn });
  label.append(box, text);
  return label;
}
