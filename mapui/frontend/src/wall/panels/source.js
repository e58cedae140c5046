/**
 * The figures that the server counts for the unit in focus. They are asked for when the focus moves, when
 * something happens, and now and then; never more often than every few seconds.
 *
 * @typedef {object} Spans
 * @property {number} count
 * @property {number | null} median_s
 * @property {number | null} p90_s
 * @property {number | null} kept
 * @property {number | null} known
 *
 * @typedef {"collection" | "feedback" | "handling" | "resolution"} TimeKey
 *
 * @typedef {object} Counted what /api/wall/panels answers
 * @property {string} at
 * @property {import("../../live/messages.js").Figures} figures
 * @property {{ holders: number, on_duty: number, vacant: number }} duty
 * @property {Record<TimeKey, Spans>} times
 * @property {{ key: string, cases: number }[]} classes
 * @property {{ mean: number | null, ratings: number }} satisfaction
 * @property {{ of: number, count: number }} finished
 * @property {{ today: number[], yesterday: number[], yesterday_by_now: number,
 *   days: { date: string, received: number, resolved: number }[] }} trend
 */

/** However much happens, so long between two questions. */
const LEAST_MS = 5000;
/** Medians and trends go on without events, too. */
const MOST_MS = 30_000;

export class PanelSource {
  /** @type {Counted | null} null until the first answer for the unit in focus */
  counted = null;
  #askedAt = Number.NEGATIVE_INFINITY;
  #isWanted = true;
  #isAsking = false;
  /** @type {number | null | undefined} whose figures these are */
  #unit;

  /**
   * @param {string} address /api/wall/panels
   * @param {import("../focus.js").Focus} focus
   * @param {(address: string) => Promise<any>} get reads JSON, as `readJson` does
   * @param {() => void} onCounted
   */
  constructor(address, focus, get, onCounted) {
    this.address = address;
    this.focus = focus;
    this.get = get;
    this.onCounted = onCounted;
    focus.onChange(() => this.#moved());
  }

  /** Something happened: what is shown may be of before. */
  happened() {
    this.#isWanted = true;
  }

  /** Ask, if it is time to; call it each second. @param {number} [at] milliseconds */
  async tick(at = performance.now()) {
    const since = at - this.#askedAt;
    if (this.#isAsking || since < LEAST_MS || !(this.#isWanted || since >= MOST_MS)) return;
    this.#isAsking = true;
    this.#askedAt = at;
    this.#isWanted = false;
    const { unit } = this.focus;
    const counted = await this.get(unit ? `${this.address}?unit=${unit.id}` : this.address);
    this.#isAsking = false;
    if (unit?.id !== this.focus.unit?.id) {
      // Somebody has gone on meanwhile.
      this.#ask();
    } else if (counted) {
      this.counted = counted;
      this.onCounted();
    } else {
      this.#isWanted = true;
    }
  }

  #moved() {
    const id = this.focus.unit?.id ?? null;
    if (id === this.#unit) return;
    this.#unit = id;
    this.counted = null;
    this.onCounted();
    this.#ask();
  }

  #ask() {
    this.#isWanted = true;
    this.#askedAt = Number.NEGATIVE_INFINITY;
    this.tick();
  }
}
