/**
 * What the server does not have yet, and what is being written: kept in the browser's database, so that closing
 * the page, a lost network or an expired log-in loses nothing. An item leaves only when its own acknowledgement
 * has come and all its files are complete, or when the worker himself takes it out.
 *
 * The states are those of docs/phone.md. The bytes of files lie beside the items, which are written often.
 *
 * @typedef {"queued" | "sending" | "accepted" | "retry_wait" | "auth_needed" | "needs_attention"} State
 *
 * @typedef {object} KeptFile a file of an item
 * @property {string} id
 * @property {string} name
 * @property {number} size in bytes
 * @property {number} sent how many bytes the server has said to have
 * @property {number} starts how often it was begun anew
 * @property {boolean} isDone whether the server has all of it
 * @property {string} refusal the server's sentence, if it can't take this file; empty while it only waits
 *
 * @typedef {object} Item
 * @property {string} id which the acknowledgement names
 * @property {"report" | "call"} kind a report goes over the socket where there is one; a call never does
 * @property {string} path below the interface, such as "reports/…"
 * @property {string} method
 * @property {any} body
 * @property {KeptFile[]} files that go once the item was accepted
 * @property {string} label what a call is called in the list; a report is called by its matter
 * @property {number} saved when it was kept, and its place in the line: milliseconds, the phone's clock
 * @property {State} state
 * @property {number} tries in a row without an acknowledgement
 * @property {number} nextAt not before; milliseconds, the phone's clock
 * @property {string} refusal why it waits or can't be taken, in a sentence; empty while it's only its turn
 * @property {number | null} incident the case that it became
 *
 * @typedef {object} New what is to be sent
 * @property {string} id
 * @property {Item["kind"]} kind
 * @property {string} path
 * @property {string} method
 * @property {any} body
 * @property {string} [label]
 * @property {number | null} [incident]
 * @property {readonly { id: string, name?: string, size?: number, blob?: Blob }[]} [files] with their bytes, unless
 *   these lie here already, for a draft
 */
import { draftsOf } from "./drafts.js";
import { openShelf } from "./shelf.js";

/** @typedef {import("./shelf.js").Stores} Stores */

/** @param {New} what @returns {Item} */
export const newItem = ({ id, kind, path, method, body, label = "", files = [], incident = null }) => ({
  id,
  kind,
  path,
  method,
  body,
  label,
  files: files.map((file) => ({
    id: file.id,
    name: file.name ?? "",
    size: file.size ?? file.blob?.size ?? 0,
    sent: 0,
    starts: 0,
    isDone: false,
    refusal: "",
  })),
  saved: Date.now(),
  state: "queued",
  tries: 0,
  nextAt: 0,
  refusal: "",
  incident,
});

/** @param {Item} item @returns {boolean} whether the server has everything of it */
const isComplete = (item) => item.state === "accepted" && item.files.every(({ isDone }) => isDone);

/**
 * @param {string} owner the user name: people who share a phone don't send each other's reports
 * @param {object} [options]
 * @param {() => void} [options.onBlocked] a page of an older version is open elsewhere, and keeps this one waiting
 * @param {() => void} [options.changed] what is kept here has changed
 */
export async function openOutbox(owner, { onBlocked, changed = () => undefined } = {}) {
  const shelf = await openShelf(`linge-outbox-${owner}`, onBlocked);

  /**
   * Keep something to be sent, and take the draft that it was and the item that it replaces away with it: in
   * one transaction, so that it is there exactly once whenever the phone dies.
   *
   * @param {New} what
   * @param {{ draft?: string, replaces?: string | null }} [earlier]
   */
  async function keep(what, { draft, replaces } = {}) {
    await shelf.write(async (stores) => {
      await add(stores, what);
      if (draft) await stores.drafts.delete(draft);
      if (replaces) await remove(stores, replaces);
    });
    changed();
  }

  /**
   * Change an item, in one transaction; what is complete leaves, and the bytes of each file with it.
   *
   * @param {string} id
   * @param {(item: Item) => Item} change
   */
  async function update(id, change) {
    await shelf.write(async (stores) => {
      const item = await stores.items.get(id);
      if (item) await replace(stores, item, change(item));
    });
    changed();
  }

  return {
    /** Whether this browser keeps it beyond the life of this page. */
    isKept: shelf.isKept,
    keep,
    update,
    /** @param {string} id @param {string} file @param {(file: KeptFile) => KeptFile} change */
    updateFile: (id, file, change) =>
      update(id, (item) => ({
        ...item,
        files: item.files.map((each) => (each.id === file ? change(each) : each)),
      })),
    /** @param {string} id */
    async drop(id) {
      await shelf.write((stores) => remove(stores, id));
      changed();
    },
    /** Oldest first. @returns {Promise<Item[]>} */
    all: async () => (await shelf.read("items")).sort((a, b) => a.saved - b.saved),
    /** @param {string} id of a file @returns {Promise<Blob | undefined>} its bytes, while they are here */
    blob: (id) => shelf.write(async ({ blobs }) => (await blobs.get(id))?.blob),
    /** Let go again what waits for its next try, and with `id` what needs attention. @param {string} [id] */
    async retry(id) {
      await shelf.write(async ({ items }) => {
        for (const item of await items.getAll()) {
          const isAsked = id === undefined ? item.state !== "needs_attention" : item.id === id;
          if (isAsked) await items.put(again(item));
        }
      });
      changed();
    },

    ...draftsOf(shelf, changed),

    /**
     * Take or keep the turn to send, unless somebody else has it.
     *
     * @param {string} holder
     * @param {number} ms how long it is lent
     * @param {boolean} isDead whether whoever has it is known to be gone
     * @returns {Promise<boolean>}
     */
    lease: (holder, ms, isDead) =>
      shelf.write(async ({ lease }) => {
        const now = Date.now();
        const held = await lease.get("sender");
        // A lease that ends later than any could is one of before the clock was set back.
        const isHeld = held && held.holder !== holder && held.until > now && held.until <= now + ms;
        if (isHeld && !isDead) return false;
        await lease.put({ id: "sender", holder, until: now + ms });
        return true;
      }),
    /** @param {string} holder */
    release: (holder) =>
      shelf.write(async ({ lease }) => {
        if ((await lease.get("sender"))?.holder === holder) await lease.delete("sender");
      }),
  };
}

/** @typedef {Awaited<ReturnType<typeof openOutbox>>} Outbox */

/** @param {Item} item @returns {Item} */
const again = (item) => ({
  ...item,
  state: item.state === "accepted" ? "accepted" : "queued",
  nextAt: 0,
  refusal: "",
  files: item.files.map((file) => ({ ...file, refusal: "", starts: 0 })),
});

/** @param {Stores} stores @param {New} what */
async function add({ items, blobs }, what) {
  const item = newItem(what);
  /** @type {Item[]} */
  const others = await items.getAll();
  if (others.some(({ id }) => id === item.id)) return;
  // A clock that was set back doesn't let the later one overtake.
  item.saved = Math.max(item.saved, ...others.map(({ saved }) => saved + 1));
  await items.put(item);
  for (const { id, blob } of what.files ?? []) if (blob) await blobs.put({ id, blob });
}

/** @param {Stores} stores @param {Item} item @param {Item} next */
async function replace({ items, blobs }, item, next) {
  const left = new Set(next.files.filter(({ isDone }) => !isDone).map(({ id }) => id));
  for (const { id } of item.files) if (!left.has(id)) await blobs.delete(id);
  if (isComplete(next)) await items.delete(item.id);
  else await items.put(next);
}

/** @param {Stores} stores @param {string} id */
async function remove({ items, blobs }, id) {
  /** @type {Item | undefined} */
  const item = await items.get(id);
  for (const file of item?.files ?? []) await blobs.delete(file.id);
  await items.delete(id);
}
