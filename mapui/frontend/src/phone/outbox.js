/**
 * The reports that the server has not acknowledged yet, kept in the browser's database: closing the
 * page, a lost network or an expired log-in loses none. A report leaves only when its own
 * acknowledgement comes, or when the worker takes a refused one back into the form.
 */
import { openDB } from "idb";

/**
 * @typedef {import("../live/messages.js").Report} Report
 * @typedef {{ id: string, report: Report, saved: number, refusal: string }} Waiting `refusal` is the
 *   server's sentence for a report that can't be taken as it is; empty while it only waits.
 */

const STORE = "reports";

/** @param {string} owner the user name: people who share a phone don't send each other's reports */
export async function openOutbox(owner) {
  const database = await openDB(`linge-outbox-${owner}`, 1, {
    upgrade: (db) => {
      db.createObjectStore(STORE, { keyPath: "id" });
    },
  });
  return {
    /** @param {Report} report */
    keep: (report) => database.put(STORE, { id: report.id, report, saved: Date.now(), refusal: "" }),
    /** @param {string} id */
    drop: (id) => database.delete(STORE, id),
    /** Oldest first. @returns {Promise<Waiting[]>} */
    all: async () => (await database.getAll(STORE)).sort((a, b) => a.saved - b.saved),
    /**
     * @param {string} id
     * @param {string} refusal
     */
    refuse: async (id, refusal) => {
      const waiting = await database.get(STORE, id);
      if (waiting) await database.put(STORE, { ...waiting, refusal });
    },
  };
}

/** @typedef {Awaited<ReturnType<typeof openOutbox>>} Outbox */
