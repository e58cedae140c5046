/**
 * What the server does not have yet, kept in the browser's database: closing the page, a lost network or an
 * expired log-in loses nothing. A report leaves only when its own acknowledgement has come and all its files
 * are complete, or when the worker takes a refused one back into the form.
 */
import { openDB } from "idb";

/**
 * @typedef {import("../live/messages.js").Report} Report
 *
 * @typedef {object} WaitingFile a file of a report, until it is complete at the server
 * @property {string} id
 * @property {Blob} blob
 * @property {string} refusal the server's sentence, if it can't take this file; empty while it only waits
 *
 * @typedef {object} Waiting
 * @property {string} id
 * @property {Report} report
 * @property {number} saved when it was kept; milliseconds, the phone's clock
 * @property {string} refusal the server's sentence for a report that can't be taken as it is; empty while it
 *   only waits
 * @property {WaitingFile[]} files
 * @property {number | null} incident the case that it became; null until the acknowledgement
 */

/** 1: reports alone; 2: with their files, until these have arrived. */
const VERSION = 2;
const STORE = "reports";

/**
 * @param {string} owner the user name: people who share a phone don't send each other's reports
 * @param {() => void} [onBlocked] a page of an older version is open elsewhere, and keeps this one waiting
 */
export async function openOutbox(owner, onBlocked) {
  const database = await openDB(`linge-outbox-${owner}`, VERSION, {
    upgrade: async (db, from, _to, transaction) => {
      if (from < 1) db.createObjectStore(STORE, { keyPath: "id" });
      const store = transaction.objectStore(STORE);
      if (from === 1) {
        for (const old of await store.getAll()) await store.put({ ...old, files: [], incident: null });
      }
    },
    blocked: onBlocked,
  });

  /**
   * Change what is kept of a report, in one transaction; without files left to send, it's done with.
   *
   * @param {string} id
   * @param {(waiting: Waiting) => Waiting} change
   */
  async function update(id, change) {
    const transaction = database.transaction(STORE, "readwrite");
    /** @type {Waiting | undefined} */
    const waiting = await transaction.store.get(id);
    const changed = waiting && change(waiting);
    if (changed && changed.incident !== null && changed.files.length === 0)
      await transaction.store.delete(id);
    else if (changed) await transaction.store.put(changed);
    await transaction.done;
  }

  return {
    /** @param {Report} report @param {readonly { id: string, blob: Blob }[]} files */
    keep: (report, files) =>
      database.put(STORE, {
        id: report.id,
        report,
        saved: Date.now(),
        refusal: "",
        files: files.map(({ id, blob }) => ({ id, blob, refusal: "" })),
        incident: null,
      }),
    /** @param {string} id */
    drop: (id) => database.delete(STORE, id),
    /** Oldest first. @returns {Promise<Waiting[]>} */
    all: async () => (await database.getAll(STORE)).sort((a, b) => a.saved - b.saved),
    /** @param {string} id @param {string} refusal */
    refuse: (id, refusal) => update(id, (waiting) => ({ ...waiting, refusal })),
    /** The report has arrived; its files may still be on their way. @param {string} id @param {number} incident */
    arrived: (id, incident) => update(id, (waiting) => ({ ...waiting, refusal: "", incident })),
    /** @param {string} id of the report @param {string} file that is complete, or not wanted any more */
    fileDone: (id, file) =>
      update(id, (waiting) => ({ ...waiting, files: waiting.files.filter((each) => each.id !== file) })),
    /** @param {string} id of the report @param {string} file @param {string} refusal */
    refuseFile: (id, file, refusal) =>
      update(id, (waiting) => ({
        ...waiting,
        files: waiting.files.map((each) => (each.id === file ? { ...each, refusal } : each)),
      })),
  };
}

/** @typedef {Awaited<ReturnType<typeof openOutbox>>} Outbox */
