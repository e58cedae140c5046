/**
 * Reads ahead what the tabs show, while there is a line: so that the phone knows its work when there is none.
 *
 * @typedef {import("./context.js").Context} Context
 */
import { keptMap, readMap } from "./map/archive.js";
import { ANNOUNCEMENTS } from "./today/announcements.js";

/** By which key it is kept, and where it is read. */
const PATHS = /** @type {const} */ ([
  ["tasks", "my/tasks"],
  ANNOUNCEMENTS,
  ["households", "phone/households"],
  ["ground", "phone/ground"],
  ["duty", "phone/duty"],
]);
/** What is as old as this is read again; the tabs read what they show anyhow. */
const EVERY_MS = 10 * 60_000;
/** The first screen comes first. */
const REST_MS = 3000;

/** How a case is kept, and where it is read. @param {number} id @returns {[key: string, path: string]} */
export const caseOf = (id) => [`case-${id}`, `incidents/${id}?choices=true`];

export class ReadAhead {
  #last = 0;

  /** @param {Pick<Context, "data">} context */
  constructor(context) {
    this.context = context;
  }

  /** The line is there: read what is old, one after the other. */
  async read() {
    const now = Date.now();
    if (now - this.#last < EVERY_MS && now >= this.#last) return;
    this.#last = now;
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    try {
      for (const [key, path] of PATHS) await this.context.data.fresh(key, path);
      for (const { card } of (await this.context.data.get("tasks")) ?? []) {
        await this.context.data.fresh(...caseOf(card.id));
      }
      // Whoever saves data reads the map when he wants it; one that is kept is kept right.
      const isSparing = /** @type {any} */ (navigator).connection?.saveData === true;
      if (!isSparing || (await keptMap(this.context))) await readMap(this.context);
    } catch {
      // No line after all, or the log-in has ended: the next welcome will come.
      this.#last = 0;
    }
  }
}
