/**
 * What tools and panels work with: the plan, the map, and the one way by which anything is drawn.
 *
 * @typedef {import("./contract.js").Position} Position
 * @typedef {import("./contract.js").Operation} Operation
 * @typedef {import("./store.js").PlanStore} PlanStore
 */
import { RefusedError } from "../ui/asking.js";
import { rounded, Snapper } from "./snapping.js";

const SNAP_PX = 12;

export class Desk {
  /** @type {Snapper | null} */
  #snapper = null;
  /** @type {((key: string | null) => void)[]} */
  #onSelect = [];

  /**
   * @param {{ store: PlanStore, api: import("./api.js").PlanApi, queue: import("./queue.js").OperationQueue,
   *   view: import("./view.js").PlanView, notes: import("./notes.js").Notes,
   *   guides: import("./guides.js").Guides, time: ReturnType<typeof import("../ui/time.js").zonedTime>,
   *   timeZone: string, reach: (pixels: number) => { reach: number, squeeze: number } }} parts
   */
  constructor({ store, api, queue, view, notes, guides, time, timeZone, reach }) {
    this.store = store;
    this.api = api;
    this.queue = queue;
    this.view = view;
    this.notes = notes;
    this.guides = guides;
    this.time = time;
    this.timeZone = timeZone;
    this.reach = reach;
    guides.onChange(() => this.forgetSnaps());
  }

  /** On a phone a plan is looked at. @returns {boolean} */
  get mayDraw() {
    return Boolean(this.store.plan.may.draw) && !matchMedia("(max-width: 44rem)").matches;
  }

  // --- the zone that is selected --------------------------------------------------------------

  /** @param {(key: string | null) => void} listener */
  onSelect(listener) {
    this.#onSelect.push(listener);
  }

  /** @param {string | null} key */
  select(key) {
    this.view.selected = key;
    this.view.restyle();
    for (const listener of this.#onSelect) listener(key);
  }

  /** @returns {import("./contract.js").Zone | null} */
  get selected() {
    return this.store.zones.get(this.view.selected ?? "") ?? null;
  }

  // --- the level that is shown -----------------------------------------------------------------

  /** @param {string} level @returns {Promise<boolean>} whether it is shown now */
  showLevel(level) {
    this.select(null);
    return this.attempt(() => this.store.load(level));
  }

  // --- snapping ---------------------------------------------------------------------------------

  forgetSnaps() {
    this.#snapper = null;
  }

  /** To borders, roads and buildings. @param {Position} at @returns {import("./snapping.js").Snap} */
  snap(at) {
    const { topology } = this.view;
    this.#snapper ??= new Snapper([
      ...topology.arcs.map(({ index }) => topology.points(index)),
      ...this.guides.lines(),
    ]);
    const { reach, squeeze } = this.reach(SNAP_PX);
    return this.#snapper.snap(at, reach, squeeze);
  }

  // --- drawing ----------------------------------------------------------------------------------

  /**
   * Send an operation. What was drawn stays in sight until it is done, and if it is refused, until dismissed.
   *
   * @param {Operation} operation
   * @param {readonly (readonly Position[])[]} [lines] what was drawn
   * @returns {Promise<boolean>} whether it was done
   */
  async draw(operation, lines = []) {
    this.view.marks.showDrawn(lines, "waiting");
    const outcome = await this.queue.draw(operation);
    return this.#settle(outcome, lines);
  }

  /** @param {"undo" | "redo"} way @param {number} [seq] @returns {Promise<boolean>} */
  async turn(way, seq) {
    return this.#settle(await this.queue.turn(way, seq), []);
  }

  /** @param {import("./queue.js").Outcome} outcome @param {readonly (readonly Position[])[]} lines */
  async #settle(outcome, lines) {
    if (outcome.isDone) {
      this.view.marks.clearDrawn();
      await this.attempt(() => this.store.take(outcome.result));
      return true;
    }
    this.view.reset();
    this.view.marks.showDrawn(lines, "refused");
    await this.refuse(outcome.error, lines[0]?.[Math.floor(lines[0].length / 2)] ?? null);
    return false;
  }

  /** Say in its place why something can't be. @param {RefusedError} error @param {Position | null} where */
  async refuse(error, where) {
    const { details } = error;
    const at = details.where ?? where;
    if (at) this.view.marks.sayAt(rounded(at), error.message);
    else this.notes.say(error.message, "bad");
    // If nobody answers just now, the next question brings what was drawn meanwhile.
    if (error.status === 409) await this.store.catchUp().catch(() => undefined);
  }

  /** Do something that may fail, and say so. @param {() => Promise<unknown>} deed @returns {Promise<boolean>} */
  async attempt(deed) {
    try {
      await deed();
      return true;
    } catch (error) {
      if (error instanceof RefusedError) await this.refuse(error, null);
      else this.notes.say(/** @type {Error} */ (error).message, "bad");
      return false;
    }
  }
}
