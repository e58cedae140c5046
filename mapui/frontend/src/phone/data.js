/**
 * What the server has said to one person, kept for when there is no network. It is wiped at the log-out: the
 * next one to hold this phone finds none of it.
 *
 * @typedef {object} Kept
 * @property {any} value
 * @property {string | null} etag
 * @property {number} savedAt milliseconds, the phone's clock
 *
 * @typedef {object} Fresh
 * @property {any} value undefined if there is neither a line nor anything kept
 * @property {number | null} savedAt when it was read; milliseconds, the phone's clock
 * @property {boolean} isOld there was no line, or a slow one: this is what was kept
 */
import { deleteDB, openDB } from "idb";
import { ask, NoLineError } from "./line.js";

const STORE = "kept";
const PREFIX = "linge-data-";
/** A line may stall for a minute, as in a lift: what is kept is shown after so long. */
const PATIENCE_MS = 2000;

/** The server has answered, with something else than what was asked for. */
export class RefusedError extends Error {
  /** @param {number} status @param {any} body */
  constructor(status, body) {
    super(body?.message ?? String(status));
    this.status = status;
    this.code = body?.code ?? "";
  }
}

/**
 * @param {string} owner the user name
 * @param {import("../cases/door.js").Door} door
 */
export async function openData(owner, door) {
  const shelf = await openShelf(`${PREFIX}${owner}`);

  /** @param {string} key */
  const get = async (key) => (await shelf.get(key))?.value;

  /**
   * @param {string} key
   * @param {any} value
   * @param {string | null} [etag]
   */
  const put = (key, value, etag = null) => shelf.put(key, { value, etag, savedAt: Date.now() });

  /**
   * Read anew what may have changed; without a line, what was kept. On a slow line as well: what comes later is
   * kept for the next time.
   *
   * @param {string} key
   * @param {string} path below the interface
   * @returns {Promise<Fresh>} throws `RefusedError` if the server refuses
   */
  async function fresh(key, path) {
    const kept = await shelf.get(key);
    const anew = readAnew(key, path, kept);
    if (!kept) return anew;
    const { value, savedAt } = kept;
    return Promise.race([anew, after(PATIENCE_MS, { value, savedAt, isOld: true })]);
  }

  /**
   * @param {string} key
   * @param {string} path
   * @param {Kept | undefined} kept
   * @returns {Promise<Fresh>}
   */
  async function readAnew(key, path, kept) {
    try {
      const { value, etag } = await read(door, path, kept);
      await put(key, value, etag);
      return { value, savedAt: Date.now(), isOld: false };
    } catch (error) {
      if (!(error instanceof NoLineError)) throw error;
      return { value: kept?.value, savedAt: kept?.savedAt ?? null, isOld: true };
    }
  }

  /** Forget all of it. */
  async function wipe() {
    shelf.close();
    await deleteDB(`${PREFIX}${owner}`).catch(() => undefined);
  }

  return { get, put, fresh, wipe };
}

/** @typedef {Awaited<ReturnType<typeof openData>>} Data */

/** @template Value @param {number} ms @param {Value} value @returns {Promise<Value>} */
const after = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value));

/**
 * @param {import("../cases/door.js").Door} door
 * @param {string} path
 * @param {Kept | undefined} kept
 * @returns {Promise<Pick<Kept, "value" | "etag">>}
 */
async function read(door, path, kept) {
  /** @type {Record<string, string>} */
  const headers = kept?.etag ? { "If-None-Match": kept.etag } : {};
  const { status, body, ...answer } = await ask(door, path, { headers, cache: "no-store" });
  if (status === 304 && kept) return kept;
  if (status !== 200) throw new RefusedError(status, body);
  return { value: body, etag: answer.headers.get("ETag") };
}

/**
 * A database, or, where the browser keeps nothing, the memory of this page: what can't be kept is read again.
 *
 * @param {string} name
 */
async function openShelf(name) {
  try {
    const database = await openDB(name, 1, { upgrade: (db) => void db.createObjectStore(STORE) });
    return {
      /** @param {string} key @returns {Promise<Kept | undefined>} */
      get: (key) => database.get(STORE, key).catch(() => undefined),
      /** @param {string} key @param {Kept} kept */
      put: (key, kept) => database.put(STORE, kept, key).catch(() => undefined),
      close: () => database.close(),
    };
  } catch {
    /** @type {Map<string, Kept>} */
    const memory = new Map();
    return {
      /** @param {string} key */
      get: (key) => Promise.resolve(memory.get(key)),
      /** @param {string} key @param {Kept} kept */
      put: (key, kept) => Promise.resolve(memory.set(key, kept)),
      close: () => memory.clear(),
    };
  }
}
