/**
 * The browser's database of the outbox, and its migrations. Where the browser gives none (private windows, a
 * refused permission) the memory of this page takes its place, and says so: nothing typed is lost, as long as
 * the page stays open.
 */
import { openDB } from "idb";

/** 1: reports alone; 2: with their files, until these have arrived; 3: anything that is sent, drafts, the turn. */
export const VERSION = 3;
const STORES = /** @type {const} */ (["items", "drafts", "blobs", "lease"]);

/**
 * @typedef {(typeof STORES)[number]} StoreName
 *
 * @typedef {object} Store
 * @property {(id: string) => Promise<any>} get
 * @property {() => Promise<any[]>} getAll
 * @property {(value: any) => Promise<unknown>} put
 * @property {(id: string) => Promise<unknown>} delete
 *
 * @typedef {Record<StoreName, Store>} Stores
 *
 * @typedef {object} Shelf
 * @property {boolean} isKept whether it outlives this page
 * @property {(store: StoreName) => Promise<any[]>} read
 * @property {<Result>(work: (stores: Stores) => Promise<Result>) => Promise<Result>} write all of it or nothing
 */

/**
 * @param {string} name
 * @param {() => void} [onBlocked]
 * @returns {Promise<Shelf>}
 */
export async function openShelf(name, onBlocked) {
  try {
    return await inDatabase(name, onBlocked);
  } catch {
    return inMemory();
  }
}

/** @param {string} name @param {() => void} [onBlocked] @returns {Promise<Shelf>} */
async function inDatabase(name, onBlocked) {
  const open = () =>
    openDB(name, VERSION, {
      upgrade: migrate,
      blocked: onBlocked,
      // A newer version of the page is open elsewhere: let it in.
      blocking: (_now, _next, event) => /** @type {IDBDatabase} */ (event.target).close(),
    });
  let database = await open();

  /**
   * Telephones close databases behind the back of a page that slept: then it is opened once more.
   *
   * @template Result
   * @param {() => Promise<Result>} work
   */
  async function awake(work) {
    try {
      return await work();
    } catch (error) {
      const isClosed =
        error instanceof DOMException && ["InvalidStateError", "UnknownError"].includes(error.name);
      if (!isClosed) throw error;
      database = await open();
      return work();
    }
  }

  return {
    isKept: true,
    read: (store) => awake(() => database.getAll(store)),
    write: (work) =>
      awake(async () => {
        const transaction = database.transaction(STORES, "readwrite");
        const stores = Object.fromEntries(STORES.map((store) => [store, transaction.objectStore(store)]));
        try {
          const result = await work(/** @type {any} */ (stores));
          await transaction.done;
          return result;
        } catch (error) {
          if (transaction.error === null) abort(transaction);
          await transaction.done.catch(() => undefined);
          throw error;
        }
      }),
  };
}

/** @param {{ abort: () => void }} transaction */
function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}

/**
 * @param {import("idb").IDBPDatabase} db
 * @param {number} from the version that is there; 0 for none
 * @param {number | null} _to
 * @param {any} transaction
 */
async function migrate(db, from, _to, transaction) {
  for (const store of STORES) db.createObjectStore(store, { keyPath: "id" });
  if (from === 0) return;
  for (const old of await transaction.objectStore("reports").getAll()) {
    await transaction.objectStore("items").put(fromReport(old));
    for (const { id, blob } of old.files ?? []) await transaction.objectStore("blobs").put({ id, blob });
  }
  db.deleteObjectStore("reports");
}

/**
 * A report of version 1 (without files and incident) or 2, as an item.
 *
 * @param {{ id: string, report: any, saved: number, refusal: string, incident?: number | null,
 *   files?: { id: string, blob: Blob, refusal: string }[] }} old
 * @returns {import("./outbox.js").Item}
 */
function fromReport({ id, report, saved, refusal, incident = null, files = [] }) {
  const { sent_at: _sentAt, kind: _kind, ...body } = report;
  /** @type {Map<string, string>} */
  const fileNames = new Map(
    (report.attachments ?? []).map((/** @type {any} */ each) => [each.id, each.name]),
  );
  const waiting = files.map((file) => ({
    id: file.id,
    name: fileNames.get(file.id) ?? "",
    size: file.blob.size,
    sent: 0,
    starts: 0,
    isDone: false,
    refusal: file.refusal,
  }));
  return {
    id,
    kind: "report",
    path: `reports/${id}`,
    method: "PUT",
    body,
    label: "",
    files: waiting,
    saved,
    state: refusal ? "needs_attention" : incident === null ? "queued" : "accepted",
    tries: 0,
    nextAt: 0,
    refusal,
    incident,
  };
}

/** @returns {Shelf} */
function inMemory() {
  /** @param {Map<string, any>} rows @returns {Store} */
  const storeOf = (rows) => ({
    get: (id) => Promise.resolve(rows.get(id)),
    getAll: () => Promise.resolve([...rows.values()]),
    put: (value) => Promise.resolve(rows.set(value.id, value)),
    delete: (id) => Promise.resolve(rows.delete(id)),
  });
  const stores = /** @type {Stores} */ (
    Object.fromEntries(STORES.map((store) => [store, storeOf(new Map())]))
  );
  // One after the other, as transactions are.
  /** @type {Promise<any>} */
  let last = Promise.resolve();
  return {
    isKept: false,
    read: (store) => stores[store].getAll(),
    write: (work) => {
      const done = last.then(() => work(stores));
      last = done.catch(() => undefined);
      return done;
    },
  };
}
