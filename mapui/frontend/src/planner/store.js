/**
 * The plan as it is known here. It changes by the server's results alone, in the order of their revisions;
 * what is missing between is asked for.
 *
 * @typedef {import("./contract.js").Zone} Zone
 * @typedef {import("./contract.js").Figures} Figures
 * @typedef {import("./contract.js").Plan} Plan
 * @typedef {import("./contract.js").Result} Result
 * @typedef {import("./contract.js").Problem} Problem
 * @typedef {"plan" | "zones" | "figures" | "problems"} Part
 */

export class PlanStore {
  /** @type {Plan} */
  plan;
  /** @type {Map<string, Zone>} */
  zones = new Map();
  /** @type {Zone[]} */
  neighbours = [];
  /** @type {Map<string, string>} names of the zones on the level above, by key */
  parents = new Map();
  /** @type {Map<string, Figures>} */
  figures = new Map();
  /** @type {Map<string, Figures>} today's units */
  before = new Map();
  /** @type {import("./contract.js").Norm | null} */
  norm = null;
  /** @type {Problem[]} */
  problems = [];
  /** why its problems can't be told; "" if they can */
  problemsUnknown = "";
  rev = 0;
  /** @type {((changed: Set<Part>, results: readonly Result[]) => void)[]} */
  #listeners = [];
  /** @type {Promise<void>} */
  #catching = Promise.resolve();

  /** @param {import("./api.js").PlanApi} api @param {Plan} plan @param {string} me as operations name the reader */
  constructor(api, plan, me) {
    this.api = api;
    this.plan = plan;
    this.me = me;
    this.level = plan.level;
  }

  /** @param {(changed: Set<Part>, results: readonly Result[]) => void} listener */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  /** @param {Part[]} parts @param {readonly Result[]} [results] */
  #tell(parts, results = []) {
    const changed = new Set(parts);
    for (const listener of this.#listeners) listener(changed, results);
  }

  /** @returns {string} the level above the one that is worked on; "" if that is the scope itself */
  get levelAbove() {
    const { levels } = this.plan;
    return levels[levels.findIndex(({ code }) => code === this.level) - 1]?.code ?? "";
  }

  /** Ask for all of a level. @param {string} [level] */
  async load(level = this.level) {
    const [zones, figures] = await Promise.all([
      this.api.get(`/zones?level=${level}`),
      this.api.get(`/figures?level=${level}`),
    ]);
    this.level = level;
    this.zones = new Map(zones.features.map((/** @type {Zone} */ zone) => [zone.id, zone]));
    this.neighbours = zones.neighbours;
    this.rev = zones.rev;
    this.figures = new Map(Object.entries(figures.zones));
    this.before = new Map(Object.entries(figures.before));
    this.norm = figures.norm;
    await this.#loadParents();
    this.#tell(["plan", "zones", "figures"]);
    await this.loadProblems();
    await this.catchUp();
  }

  async #loadParents() {
    const above = this.levelAbove;
    const { features } = above ? await this.api.get(`/zones?level=${above}`) : { features: [] };
    this.parents = new Map(features.map((/** @type {Zone} */ zone) => [zone.id, zone.properties.name]));
  }

  /** Ask how the plan stands: its step, what the reader may do. */
  async loadPlan() {
    this.plan = await this.api.get("");
    this.#tell(["plan"]);
  }

  async loadProblems() {
    const { problems, unknown } = await this.api.get("/problems");
    this.problems = problems;
    this.problemsUnknown = unknown;
    this.#tell(["problems"]);
  }

  /** Take a result that the server has given here. @param {Result} result */
  async take(result) {
    if (result.rev > this.rev + 1) await this.catchUp();
    else this.#apply([result]);
    // What can be taken back is each planner's own.
    this.plan = { ...this.plan, undo: result.undo, redo: result.redo };
    this.#tell(["plan"]);
  }

  /** Ask for what was drawn since; one question at a time. @returns {Promise<void>} */
  catchUp() {
    this.#catching = this.#catching.catch(() => undefined).then(() => this.#ask());
    return this.#catching;
  }

  async #ask() {
    const { results } = await this.api.get(`/operations?after=${this.rev}&level=${this.level}`);
    this.#apply(results);
    // What the reader drew elsewhere, in another tab, is taken back here as well.
    if (results.some((/** @type {Result} */ { by }) => by === this.me)) await this.loadPlan();
  }

  /** @param {readonly Result[]} results in their order */
  #apply(results) {
    const fresh = results.filter(({ rev, level }) => rev > this.rev && level === this.level);
    if (fresh.length === 0) return;
    for (const { rev, features, ended, figures } of fresh) {
      for (const key of ended) this.#drop(key);
      for (const zone of features) this.zones.set(zone.id, zone);
      for (const [key, own] of Object.entries(figures)) this.figures.set(key, own);
      this.rev = rev;
    }
    this.#tell(["plan", "zones", "figures"], fresh);
    if ([...this.zones.values()].some(({ properties }) => this.#isUnknown(properties.parent))) {
      this.#loadParents().then(() => this.#tell(["plan"]));
    }
  }

  /** @param {string} parent */
  #isUnknown(parent) {
    return Boolean(this.levelAbove) && parent !== "" && !this.parents.has(parent);
  }

  /** @param {string} key */
  #drop(key) {
    this.zones.delete(key);
    this.figures.delete(key);
  }

  /** @param {string} key @returns {string} what people call the zone */
  nameOf(key) {
    return this.zones.get(key)?.properties.name ?? this.parents.get(key) ?? key;
  }
}
