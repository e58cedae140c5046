import { isEnded } from "../../layers/states.js";
import { gettext } from "../../ui/i18n.js";
import { Past } from "./past.js";
import { TimeBar } from "./timebar.js";

/**
 * The wall's past: a day is chosen, played, scrubbed; the present goes on behind it, and one key returns to it.
 *
 * @typedef {import("../view.js").View} View
 * @typedef {import("../../live/messages.js").FeedEvent} FeedEvent
 * @typedef {import("../../map/vector.js").TileSource} TileSource
 *
 * @typedef {object} Surroundings
 * @property {View} view
 * @property {import("../focus.js").Focus} focus
 * @property {import("../keys.js").Keys} keys
 * @property {import("./past.js").Read} read below /api/wall/
 * @property {ReturnType<typeof import("../../ui/time.js").zonedTime>} time
 * @property {TileSource} units of now
 * @property {string} unitsOfDay the address of their tiles as they were on a {day}
 * @property {(source: TileSource) => void} useUnits
 * @property {() => void} draw something has changed
 * @property {(event: FeedEvent) => void} tell something happened just then
 */

const DAY_MS = 86_400_000;
const STEP_MS = 250;
/** So far ahead of what is played the next events are asked for, in milliseconds of the viewer. */
const AHEAD_MS = 15_000;
/** Where a replay begins: what has just happened is what is asked for most. */
const BACK_MS = 3_600_000;
export const SPEEDS = [1, 10, 60, 300, 600];

export class Replay {
  /** @type {Past | null} */
  #past = null;
  /** @type {{ first: string | null, changes: { day: string, units: number }[] }} */
  #days = { first: null, changes: [] };
  #day = "";
  #isPlaying = false;
  #speed = 60;
  #steppedAt = 0;
  #missed = 0;
  #unitsShown = "";
  /** Counts what was asked for: an answer to an earlier question is of no use any more. */
  #turn = 0;

  /** @param {HTMLElement} root of the bar, empty @param {Surroundings} surroundings */
  constructor(root, surroundings) {
    this.with = surroundings;
    this.bar = new TimeBar(root, surroundings.time, {
      open: () => this.open(),
      leave: () => this.leave(),
      toggle: () => this.#play(!this.#isPlaying),
      day: (day) => this.#goTo(day, 0),
      second: (second) => this.#seek(second),
      speed: (speed) => {
        this.#speed = speed;
      },
    });
    this.#unitsShown = surroundings.units.url;
    const { keys, focus } = surroundings;
    keys.on("t", gettext("Replay the past"), () => {
      this.open();
    });
    keys.on("Escape", gettext("Back to now"), () => (this.isOn ? this.leave() : false));
    keys.on("n", gettext("Back to now"), () => (this.isOn ? this.leave() : false));
    keys.on(" ", gettext("Play or pause the replay"), () =>
      this.isOn ? this.#play(!this.#isPlaying) : false,
    );
    focus.onChange(() => this.#refocus());
    setInterval(() => this.#step(), STEP_MS);
  }

  get isOn() {
    return this.#day !== "";
  }

  /** Begin with the last hour. */
  async open() {
    if (this.isOn) return;
    const now = this.with.view.live.now();
    this.#day = this.with.time.date(now);
    this.#missed = 0;
    this.#days = (await this.with.read("history/days")) ?? this.#days;
    if (!this.isOn) return;
    const today = this.with.time.date(now);
    this.bar.show(this.#days.first ?? today, today, this.#days.changes);
    this.#isPlaying = true;
    await this.#load(today, new Date(now - BACK_MS).toISOString());
  }

  /** The present again. */
  leave() {
    this.#turn++;
    this.#past = null;
    this.#day = "";
    this.#isPlaying = false;
    this.bar.hide();
    delete document.body.dataset.time;
    this.#useUnits(this.with.units);
    this.with.view.show(null);
  }

  /** What happened now, while the past is shown. @param {number} count */
  missed(count) {
    if (!this.isOn || count === 0) return;
    this.#missed += count;
    this.#tell();
  }

  /** @param {string} day @param {number} second of that day */
  #goTo(day, second) {
    const clock = new Date(second * 1000).toISOString().slice(11, 19);
    return this.#load(day, `${day}T${clock}`);
  }

  /** @param {number} second of the day that is shown */
  #seek(second) {
    const past = this.#past;
    const to = past && past.at + (second - this.with.time.second(past.at)) * 1000;
    // Forward within what is loaded nothing has to be asked for.
    if (!past || to === null || to < past.at || to > past.horizon) return this.#goTo(this.#day, second);
    past.advance(to);
    this.#tell();
    return this.with.draw();
  }

  /** @param {string} day @param {string} from */
  async #load(day, from) {
    const turn = ++this.#turn;
    this.#day = day;
    this.bar.wait();
    const past = new Past(
      this.with.read,
      { from, until: (at) => this.#endOf(at), unit: this.with.focus.unit?.id ?? null },
      (card) => !isEnded(card.state),
    );
    const isThere = await past.begin();
    if (turn !== this.#turn) return;
    if (!isThere) {
      this.bar.fail();
      return;
    }
    this.#past = past;
    this.#steppedAt = performance.now();
    document.body.dataset.time = "past";
    this.#showUnits(day);
    this.with.view.show({ store: past.store, board: past.board, now: () => past.at });
    this.#tell();
  }

  /** The end of the day, or now. @param {number} at milliseconds */
  #endOf(at) {
    return Math.min(this.with.view.live.now(), at + DAY_MS - this.with.time.second(at) * 1000 - 1);
  }

  /** The grids of that day: those of the last change until then. @param {string} day */
  #showUnits(day) {
    const { units, unitsOfDay } = this.with;
    const { changes } = this.#days;
    const since = changes.findLast((change) => change.day <= day) ?? changes[0];
    if (!(since && changes.some((change) => change.day > day))) this.#useUnits(units);
    else this.#useUnits({ ...units, url: unitsOfDay.replace("{day}", since.day) });
  }

  /** Tiles that lie there already aren't laid anew. @param {TileSource} source */
  #useUnits(source) {
    if (source.url === this.#unitsShown) return;
    this.#unitsShown = source.url;
    this.with.useUnits(source);
  }

  /** A unit that was not loaded is looked at. */
  #refocus() {
    const past = this.#past;
    if (!past || past.unit === null || past.unit === (this.with.focus.unit?.id ?? null)) return;
    this.#load(this.#day, new Date(past.at).toISOString());
  }

  /** @param {boolean} isPlaying */
  #play(isPlaying) {
    this.#isPlaying = isPlaying;
    this.#steppedAt = performance.now();
    this.#tell();
  }

  #step() {
    const past = this.#past;
    if (!(past && this.#isPlaying)) return;
    const now = performance.now();
    const events = past.advance(past.at + (now - this.#steppedAt) * this.#speed);
    this.#steppedAt = now;
    for (const event of events) this.with.tell(event);
    if (past.horizon - past.at < AHEAD_MS * this.#speed) past.more();
    if (past.at >= past.until) this.#isPlaying = false;
    this.#tell();
    this.with.draw();
  }

  #tell() {
    const past = this.#past;
    if (!past) return;
    this.bar.tell({
      at: past.at,
      day: this.#day,
      isPlaying: this.#isPlaying,
      isWaiting: this.#isPlaying && past.at >= past.horizon && past.at < past.until,
      isOver: past.at >= past.until,
      speed: this.#speed,
      missed: this.#missed,
    });
  }
}
